/**
 * Target encodings: the rate of the target in each category, learnt on the training rows that are named and no other.
 *
 * A category with few rows is drawn towards what is known without it: `(hits + m · prior) / (rows + m)`, m the plan's
 * smoothing. The prior of a single part is the overall rate; of several parts, the sum of the log odds of the single
 * parts above the overall log odds. A category that was never seen has its prior.
 */
import type { Encoding, FeatureRow } from './feature-plan.ts';

/** The categories of one encoding over some rows, each text held once. */
export interface Categories {
  /** Place in `texts` of each row's category. */
  readonly codes: Int32Array;
  readonly texts: readonly string[];
  /** The first row of each category. */
  readonly firsts: readonly number[];
}

export interface FittedEncodings {
  /** Overall rate of the target in the training rows. */
  readonly rate: number;
  /** For each encoding, the value of each category that was seen. */
  readonly tables: readonly ReadonlyMap<string, number>[];
}

export function readCategories(encodings: readonly Encoding[], rows: readonly FeatureRow[]): Categories[] {
  const parts = [...new Set(encodings.flatMap((encoding) => encoding.parts))];
  const texts = new Map(parts.map((part) => [part, rows.map((row) => part.text(row))]));
  return encodings.map((encoding) => {
    const columns = encoding.parts.map((part) => texts.get(part) ?? []);
    return intern(rows.length, (row) =>
      columns.length === 1 ? (columns[0]?.[row] ?? '') : columns.map((column) => column[row]).join('|'),
    );
  });
}

/** Learns from the rows whose places are given. */
export function fitEncodings(
  encodings: readonly Encoding[],
  categories: readonly Categories[],
  labels: Uint8Array,
  training: Int32Array,
  smoothing: number,
): FittedEncodings {
  let hits = 0;
  for (const row of training) hits += labels[row] ?? 0;
  // Half a row of each kind, so that a log odds is always finite.
  const rate = (hits + 0.5) / (training.length + 1);
  const values: Float64Array[] = [];
  const tables = encodings.map(({ parents }, place) => {
    const own = categories[place] ?? none;
    const rows = new Int32Array(own.texts.length);
    const won = new Float64Array(own.texts.length);
    for (const row of training) {
      const code = own.codes[row] ?? 0;
      rows[code] = (rows[code] ?? 0) + 1;
      won[code] = (won[code] ?? 0) + (labels[row] ?? 0);
    }
    const priors = priorsOf(own, parents, categories, values, rate);
    const fitted = priors.map(
      (prior, code) => ((won[code] ?? 0) + smoothing * prior) / ((rows[code] ?? 0) + smoothing),
    );
    values.push(fitted);
    const seen = new Map<string, number>();
    own.texts.forEach((text, code) => {
      if ((rows[code] ?? 0) > 0) seen.set(text, fitted[code] ?? rate);
    });
    return seen;
  });
  return { rate, tables };
}

/** The value of each category, seen in training or not: a function of its text alone. */
export function encode(
  encodings: readonly Encoding[],
  categories: readonly Categories[],
  { rate, tables }: FittedEncodings,
): Float64Array[] {
  const values: Float64Array[] = [];
  encodings.forEach(({ parents }, place) => {
    const own = categories[place] ?? none;
    const priors = priorsOf(own, parents, categories, values, rate);
    values.push(priors.map((prior, code) => tables[place]?.get(own.texts[code] ?? '') ?? prior));
  });
  return values;
}

const none: Categories = { codes: new Int32Array(), texts: [], firsts: [] };

function priorsOf(
  { texts, firsts }: Categories,
  parents: readonly number[],
  categories: readonly Categories[],
  values: readonly Float64Array[],
  rate: number,
): Float64Array {
  const priors = new Float64Array(texts.length).fill(rate);
  if (parents.length === 0) return priors;
  return priors.map((_, code) => {
    let odds = -(parents.length - 1) * logit(rate);
    for (const parent of parents) {
      const parentCode = categories[parent]?.codes[firsts[code] ?? 0] ?? 0;
      odds += logit(values[parent]?.[parentCode] ?? rate);
    }
    return 1 / (1 + Math.exp(-odds));
  });
}

function logit(rate: number): number {
  return Math.log(rate / (1 - rate));
}

function intern(count: number, text: (row: number) => string): Categories {
  const codes = new Int32Array(count);
  const places = new Map<string, number>();
  const firsts: number[] = [];
  for (let row = 0; row < count; row++) {
    const category = text(row);
    let code = places.get(category);
    if (code === undefined) {
      code = places.size;
      places.set(category, code);
      firsts.push(row);
    }
    codes[row] = code;
  }
  return { codes, texts: [...places.keys()], firsts };
}
