/** Whether what is scored, or how well, moves away from what was trained on. */

export interface Histogram {
  /** Lower edges of all bands but the first. */
  readonly edges: readonly number[];
  /** Share of the values in each band; the last share is that of missing values. */
  readonly shares: readonly number[];
}

/** Least share of a band, so that an empty one does not make the index infinite. */
const LEAST_SHARE = 1e-4;

/** Population stability index above which a feature counts as shifted; 0.1 is called a moderate shift, 0.25 a great one. */
export const PSI_ALARM = 0.25;
/** Share by which a metric may move before the alarm. */
export const METRIC_ALARM = 0.15;

/** Bands of about equally many values of the training; where there are few values, each is a band. */
export function histogramOf(values: ArrayLike<number>, bands = 10): Histogram {
  const present = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const different = [...new Set(present)];
  const edges =
    different.length <= bands
      ? different.slice(1)
      : Array.from({ length: bands - 1 }, (_, band) => present[Math.floor(((band + 1) * present.length) / bands)]);
  const distinct = [...new Set(edges.filter((edge) => edge !== undefined))];
  return { edges: distinct, shares: sharesOf(values, distinct) };
}

/** Share of the values in each band of another histogram. */
export function sharesOf(values: ArrayLike<number>, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    const band = Number.isNaN(value) ? edges.length + 1 : edges.filter((edge) => value >= edge).length;
    counts[band] = (counts[band] ?? 0) + 1;
  }
  return counts.map((count) => count / Math.max(1, values.length));
}

/** Population stability index: the sum, over bands, of (found - expected) · ln(found / expected). */
export function psi(expected: readonly number[], found: readonly number[]): number {
  return expected.reduce((sum, share, band) => {
    const [was, is] = [Math.max(LEAST_SHARE, share), Math.max(LEAST_SHARE, found[band] ?? 0)];
    return sum + (is - was) * Math.log(is / was);
  }, 0);
}

/** Whether a metric has moved by more than `METRIC_ALARM` of what it was. */
export function hasMoved(was: number, is: number): boolean {
  return !(Math.abs(is - was) <= METRIC_ALARM * Math.abs(was));
}

export interface Outcome {
  /** `YYYY-MM-DD` of the score. */
  readonly day: string;
  readonly label: number;
  readonly probability: number;
}

/** Outcomes by day, in order, for a metric a day. */
export function byDay(outcomes: readonly Outcome[]): ReadonlyMap<string, { label: number[]; probability: number[] }> {
  const days = new Map<string, { label: number[]; probability: number[] }>();
  for (const { day, label, probability } of outcomes) {
    const held = days.get(day) ?? { label: [], probability: [] };
    held.label.push(label);
    held.probability.push(probability);
    days.set(day, held);
  }
  return new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
}
