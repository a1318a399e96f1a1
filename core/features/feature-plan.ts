/**
 * What a model may look at: numbers computed from one row, and categories whose rate of the target is learnt on
 * training rows. Inputs are named, so that meaning and bounds come from the contract, and a target is never its own
 * feature.
 */
import type { Column, DatasetPlan } from '../contract/plan.ts';

export type FeatureRow = Readonly<Record<string, unknown>>;

/** A number of one row; NaN where an input is missing. */
export interface NumberFeature {
  readonly name: string;
  readonly description: string;
  /** Columns that it reads. */
  readonly inputs: readonly string[];
  value(row: FeatureRow): number;
}

/** A category of one row, from which encodings are composed; `''` where an input is missing. */
export interface Part {
  readonly name: string;
  readonly inputs: readonly string[];
  text(row: FeatureRow): string;
}

export interface Target {
  /** A boolean column of the contract. */
  readonly column: string;
  readonly description: string;
  /** Columns that are not known yet when the prediction is asked for. */
  readonly unknown: readonly string[];
}

export interface FeaturePlan {
  /** Raised whenever a feature changes its meaning: a model of another version is refused. */
  readonly version: number;
  readonly dataset: DatasetPlan;
  readonly targets: readonly Target[];
  readonly numbers: readonly NumberFeature[];
  readonly parts: readonly Part[];
  /** Each a list of names of parts; those of several parts are drawn towards the encodings of the single ones. */
  readonly encodings: readonly (readonly string[])[];
  /** Columns whose groups of rows a model must serve well, each by itself. */
  readonly groups: readonly string[];
  /** Rows added to each category at the rate that its parts alone foretell. */
  readonly smoothing: number;
}

/** An encoding with its parts looked up. */
export interface Encoding {
  readonly name: string;
  readonly parts: readonly Part[];
  /** Places, in the same list, of the encodings of its single parts. */
  readonly parents: readonly number[];
}

/** The features that one target may use, in the order of a frame's columns: numbers, then encodings. */
export interface TargetFeatures {
  readonly target: Target;
  readonly numbers: readonly NumberFeature[];
  readonly encodings: readonly Encoding[];
  readonly names: readonly string[];
  readonly smoothing: number;
}

/** Throws a sentence for a target, part or column that the plan or the contract does not know. */
export function featuresFor(plan: FeaturePlan, targetColumn: string): TargetFeatures {
  const target = plan.targets.find(({ column }) => column === targetColumn);
  if (target === undefined) {
    const names = plan.targets.map(({ column }) => column).join(', ');
    throw new Error(`no target '${targetColumn}', expected one of ${names}`);
  }
  const hidden = new Set([target.column, ...target.unknown]);
  const known = ({ inputs }: { readonly inputs: readonly string[] }) => inputs.every((input) => !hidden.has(input));
  const numbers = plan.numbers.filter(known);
  const encodings = encodingsOf(plan, known);
  const names = [...numbers.map(({ name }) => name), ...encodings.map(({ name }) => name)];
  return { target, numbers, encodings, names, smoothing: plan.smoothing };
}

/** What a feature says, in words. */
export function meaningOf({ numbers, encodings, target }: TargetFeatures, feature: string): string {
  const number = numbers.find(({ name }) => name === feature);
  if (number !== undefined) return number.description;
  const parts = encodings.find(({ name }) => name === feature)?.parts ?? [];
  const same = parts.map(({ name }) => name.replaceAll('_', ' ')).join(' and ');
  return `Share of ${target.column.replaceAll('_', ' ')} among past bookings of the same ${same}.`;
}

/** The columns of the contract that any feature reads: two rows that agree in these are the same to the model. */
export function inputColumns(plan: FeaturePlan): readonly Column[] {
  const named = new Set([...plan.numbers, ...plan.parts].flatMap(({ inputs }) => inputs));
  return [...named].map((name) => contractColumn(plan.dataset, name));
}

export function contractColumn(dataset: DatasetPlan, name: string): Column {
  const column = dataset.columns.find((it) => it.name === name);
  if (column === undefined) throw new Error(`the contract of ${dataset.name} has no column '${name}'`);
  return column;
}

function encodingsOf(plan: FeaturePlan, known: (part: Part) => boolean): Encoding[] {
  const encodings: Encoding[] = [];
  for (const names of plan.encodings) {
    const parts = names.map((name) => partNamed(plan, name));
    if (!parts.every(known)) continue;
    const alone = (part: Part) =>
      encodings.findIndex(({ parts: [only, ...more] }) => only === part && more.length === 0);
    const parents = parts.length === 1 ? [] : parts.map(alone).filter((place) => place >= 0);
    encodings.push({ name: `rate_by_${names.join('_and_')}`, parts, parents });
  }
  return encodings;
}

function partNamed({ parts }: FeaturePlan, name: string): Part {
  const part = parts.find((it) => it.name === name);
  if (part === undefined)
    throw new Error(`no part '${name}', expected one of ${parts.map((it) => it.name).join(', ')}`);
  return part;
}
