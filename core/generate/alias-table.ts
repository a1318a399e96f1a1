/** Draws an index with a probability in proportion to its weight, in constant time (Vose's alias method). */
export interface AliasTable {
  /** Probability of keeping the first index of a slot; beside it the index to take otherwise. */
  readonly keep: Float64Array;
  readonly alias: Uint16Array;
}

/** Throws when there is no weight, or none above zero. */
export function aliasTable(weights: readonly number[]): AliasTable {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new Error('no weight above zero to draw from');
  const scaled = weights.map((weight) => (weight * weights.length) / total);
  const keep = new Float64Array(weights.length).fill(1);
  const alias = Uint16Array.from(weights.keys());
  const small = [...scaled.keys()].filter((index) => at(scaled, index) < 1);
  const large = [...scaled.keys()].filter((index) => at(scaled, index) >= 1);
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop() as number;
    const rich = large.at(-1) as number;
    keep[poor] = at(scaled, poor);
    alias[poor] = rich;
    scaled[rich] = at(scaled, rich) - (1 - at(scaled, poor));
    if (at(scaled, rich) < 1) small.push(large.pop() as number);
  }
  return { keep, alias };
}

/** The index that a random whole number of 32 bits stands for. */
export function drawIndex({ keep, alias }: AliasTable, random: number): number {
  const place = (random / 2 ** 32) * keep.length;
  const slot = Math.floor(place);
  return place - slot < (keep[slot] as number) ? slot : (alias[slot] as number);
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
