/** One measured figure beside its target. Ratios compare two things measured in the same process, in turn. */
export interface Figure {
  readonly name: string;
  readonly measured: number;
  readonly unit: string;
  readonly target: { readonly atMost: number } | { readonly atLeast: number };
  /** What was measured against what, with the absolute values behind a ratio. */
  readonly detail: string;
}

export function meets({ measured, target }: Figure): boolean {
  return 'atMost' in target ? measured <= target.atMost : measured >= target.atLeast;
}

/** Median of some runs' values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** CPU seconds (user and system, all threads) of one call. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Medians of `rounds` of each work, taken in turn (A B A B …) after one round that is not counted. */
export async function inTurn<Name extends string>(
  rounds: number,
  works: Readonly<Record<Name, () => unknown>>,
  measure: (work: () => unknown) => Promise<number> = cpuSeconds,
): Promise<Record<Name, number>> {
  const names = Object.keys(works) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const seconds = await measure(works[name]);
      if (round > 0) taken[name].push(seconds);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(taken[name])])) as Record<Name, number>;
}
