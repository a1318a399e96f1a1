/** Rows as a model reads them: 32-bit floats, row after row. The same for training, batch and stream. */
import { type Categories, encode, type FittedEncodings, fitEncodings, readCategories } from './encodings.ts';
import type { FeatureRow, TargetFeatures } from './feature-plan.ts';

export interface Frame {
  readonly names: readonly string[];
  readonly rows: number;
  /** `rows × names.length` values; NaN is missing. */
  readonly data: Float32Array;
}

/** What is computed once for some rows and used for every split of them. */
export interface Columns {
  readonly features: TargetFeatures;
  readonly rows: number;
  readonly numbers: readonly Float32Array[];
  readonly categories: readonly Categories[];
}

export function readColumns(features: TargetFeatures, rows: readonly FeatureRow[]): Columns {
  const numbers = features.numbers.map((feature) => Float32Array.from(rows, (row) => feature.value(row)));
  return { features, rows: rows.length, numbers, categories: readCategories(features.encodings, rows) };
}

/** The frame of rows to be scored, or tested: nothing of it depends on the other rows. */
export function frameOf(features: TargetFeatures, rows: readonly FeatureRow[], fitted: FittedEncodings): Frame {
  return fill(readColumns(features, rows), fitted, all(rows.length));
}

/** Learns encodings of the rows whose places are given. */
export function learn({ features, categories }: Columns, labels: Uint8Array, training: Int32Array): FittedEncodings {
  return fitEncodings(features.encodings, categories, labels, training, features.smoothing);
}

/** The rows whose places are given, encoded with what was learnt elsewhere. */
export function fill(columns: Columns, fitted: FittedEncodings, rows: Int32Array): Frame {
  const { features, numbers, categories } = columns;
  const width = features.names.length;
  const values = encode(features.encodings, categories, fitted);
  const data = new Float32Array(rows.length * width);
  numbers.forEach((column, place) => {
    for (let at = 0; at < rows.length; at++) data[at * width + place] = column[rows[at] ?? 0] ?? Number.NaN;
  });
  categories.forEach(({ codes }, encoding) => {
    const own = values[encoding] ?? new Float64Array();
    const place = numbers.length + encoding;
    for (let at = 0; at < rows.length; at++) data[at * width + place] = own[codes[rows[at] ?? 0] ?? 0] ?? Number.NaN;
  });
  return { names: features.names, rows: rows.length, data };
}

/**
 * The training frame: each row is encoded with what was learnt on the training rows of the other folds, so that its
 * own label is not in its features.
 */
export function crossFit(columns: Columns, labels: Uint8Array, training: Int32Array, folds: Uint8Array): Frame {
  const width = columns.features.names.length;
  const data = new Float32Array(training.length * width);
  for (const fold of new Set(Array.from(training, (row) => folds[row] ?? 0))) {
    const places = all(training.length).filter((at) => folds[training[at] ?? 0] === fold);
    const others = training.filter((row) => folds[row] !== fold);
    const part = fill(
      columns,
      learn(columns, labels, others),
      places.map((at) => training[at] ?? 0),
    );
    places.forEach((at, index) => {
      data.set(part.data.subarray(index * width, (index + 1) * width), at * width);
    });
  }
  return { names: columns.features.names, rows: training.length, data };
}

export function all(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index);
}
