const STEPS = 4096;

/** A distribution given by its quantiles, straight between them, laid out for drawing in constant time. */
export type QuantileTable = Float64Array;

/**
 * @param shares ascending from 0 to 1.
 * @param values the value at each share.
 */
export function quantileTable(shares: readonly number[], values: readonly number[]): QuantileTable {
  const table = new Float64Array(STEPS + 1);
  let upper = 1;
  for (let step = 0; step <= STEPS; step++) {
    const share = step / STEPS;
    while (share > (shares[upper] as number)) upper++;
    const [fromShare, toShare] = [shares[upper - 1] as number, shares[upper] as number];
    const [from, to] = [values[upper - 1] as number, values[upper] as number];
    table[step] = from + ((to - from) * (share - fromShare)) / (toShare - fromShare);
  }
  return table;
}

/** The value that a random whole number of 32 bits stands for. */
export function drawQuantile(table: QuantileTable, random: number): number {
  const place = random / (2 ** 32 / STEPS);
  const step = Math.floor(place);
  const from = table[step] as number;
  return from + ((table[step + 1] as number) - from) * (place - step);
}
