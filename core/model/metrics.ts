/** How well probabilities foretell yes and no. Rows are pairs of a label (0 or 1) and a probability. */

export interface Metrics {
  readonly rows: number;
  /** Share of rows whose label is 1. */
  readonly rate: number;
  readonly meanPrediction: number;
  /** Chance that a row with label 1 has the greater probability than one with label 0; ties count half. */
  readonly rocAuc: number;
  /** Average precision: the mean, over rows with label 1, of the precision among rows at least as probable. */
  readonly prAuc: number;
  /** Mean negative log likelihood, natural logarithm. */
  readonly logLoss: number;
  /** Mean squared difference of label and probability. */
  readonly brier: number;
}

export interface CalibrationBand {
  readonly band: number;
  readonly rows: number;
  readonly meanPrediction: number;
  readonly rate: number;
}

/** Most extreme probability that a log loss is taken of. */
const LEAST = 1e-15;

/** ROC and PR AUC are NaN where one of the labels does not occur. */
export function metricsOf(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Metrics {
  const rows = labels.length;
  let hits = 0;
  let sum = 0;
  let loss = 0;
  let square = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? 0;
    const p = probabilities[row] ?? 0;
    hits += label;
    sum += p;
    loss -= Math.log(Math.max(LEAST, label === 1 ? p : 1 - p));
    square += (label - p) ** 2;
  }
  const ranks = rankMetrics(labels, probabilities, hits);
  return { rows, rate: hits / rows, meanPrediction: sum / rows, ...ranks, logLoss: loss / rows, brier: square / rows };
}

/** ROC AUC of any score, not only of a probability. NaN scores are ranked lowest. */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  let hits = 0;
  for (let row = 0; row < labels.length; row++) hits += labels[row] ?? 0;
  return rankMetrics(labels, scores, hits).rocAuc;
}

/** Ten bands of equally many rows, from the least to the most probable. */
export function calibrationTable(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bands = 10,
): CalibrationBand[] {
  const order = descending(probabilities).reverse();
  return Array.from({ length: bands }, (_, band) => {
    const from = Math.floor((band * order.length) / bands);
    const part = order.subarray(from, Math.floor(((band + 1) * order.length) / bands));
    const mean = (of: ArrayLike<number>) => part.reduce((total, row) => total + (of[row] ?? 0), 0) / part.length;
    return { band: band + 1, rows: part.length, meanPrediction: mean(probabilities), rate: mean(labels) };
  });
}

function rankMetrics(labels: ArrayLike<number>, scores: ArrayLike<number>, hits: number) {
  const order = descending(scores);
  const misses = labels.length - hits;
  let won = 0;
  let precision = 0;
  let above = { hits: 0, rows: 0 };
  for (let from = 0; from < order.length; ) {
    let to = from;
    let tied = 0;
    const score = scores[order[from] ?? 0];
    while (to < order.length && Object.is(scores[order[to] ?? 0], score)) tied += labels[order[to++] ?? 0] ?? 0;
    const missed = to - from - tied;
    const below = misses - (above.rows - above.hits) - missed;
    won += tied * (below + missed / 2);
    above = { hits: above.hits + tied, rows: to };
    precision += tied * (above.hits / above.rows);
    from = to;
  }
  return { rocAuc: won / (hits * misses), prAuc: precision / hits };
}

/** Places of the values, the greatest first. */
function descending(values: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({ length: values.length }, (_, row) => row);
  const rank = (row: number) => {
    const value = values[row] ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  return order.sort((a, b) => {
    const [one, other] = [rank(a), rank(b)];
    return one === other ? 0 : other > one ? 1 : -1;
  });
}
