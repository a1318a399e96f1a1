/** Probabilities of rows, each the same whatever rows stand beside it. */
import type { FeatureRow, TargetFeatures } from '../features/feature-plan.ts';
import { contractColumn, type FeaturePlan } from '../features/feature-plan.ts';
import { all, type Columns, fill, readColumns } from '../features/frame.ts';
import type { Calibration, Model } from './bundle.ts';
import { margins } from './forest.ts';

export interface Scores {
  /** Calibrated, above 0 and below 1. */
  readonly probabilities: Float64Array;
  /** For each row, what is strange about it, as `unseen:route`, `range:purchase_lead` or `missing:flight_hour`. */
  readonly flags: readonly (readonly string[])[];
}

export function scoreRows(model: Model, plan: FeaturePlan, rows: readonly FeatureRow[]): Scores {
  const columns = readColumns(model.features, rows);
  const { data } = fill(columns, model.encodings, all(rows.length));
  return {
    probabilities: calibrated(margins(model.forest, data), model.bundle.calibration),
    flags: flagsOf(model, plan, columns),
  };
}

export function calibrated(of: ArrayLike<number>, { intercept, slope }: Calibration): Float64Array {
  return Float64Array.from(of, (margin) => 1 / (1 + Math.exp(-(intercept + slope * margin))));
}

const NO_FLAGS: readonly string[] = [];

function flagsOf({ bundle, features, encodings }: Model, plan: FeaturePlan, columns: Columns): (readonly string[])[] {
  const flags = new Array<readonly string[]>(columns.rows).fill(NO_FLAGS);
  const flag = (row: number, text: string) => {
    flags[row] = [...(flags[row] ?? NO_FLAGS), text];
  };
  for (const place of plainNumbers(features)) {
    const name = features.numbers[place]?.name ?? '';
    const [least, most] = bundle.ranges[place] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const values = columns.numbers[place] ?? new Float32Array();
    for (let row = 0; row < values.length; row++) {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) flag(row, `missing:${name}`);
      else if (value < least || value > most) flag(row, `range:${name}`);
    }
  }
  for (const [place, { parts }] of features.encodings.entries()) {
    const [part] = parts;
    if (part === undefined || parts.length > 1 || !isText(plan, part.inputs)) continue;
    const { codes = new Int32Array(), texts = [] } = columns.categories[place] ?? {};
    const notes = texts.map((text) => {
      if (text === '') return `missing:${part.name}`;
      return encodings.tables[place]?.has(text) ? undefined : `unseen:${part.name}`;
    });
    if (notes.every((note) => note === undefined)) continue;
    for (let row = 0; row < codes.length; row++) {
      const note = notes[codes[row] ?? 0];
      if (note !== undefined) flag(row, note);
    }
  }
  return flags;
}

/** Features that are a column as it is. */
export function plainNumbers({ numbers }: TargetFeatures): number[] {
  return [...numbers.keys()].filter((place) => numbers[place]?.inputs[0] === numbers[place]?.name);
}

function isText({ dataset }: FeaturePlan, inputs: readonly string[]): boolean {
  return inputs.every((input) => contractColumn(dataset, input).type.kind === 'string');
}
