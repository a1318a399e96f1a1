import type { AssemblyStack } from '../assembly.ts';
import { estimate } from '../cost/estimate.ts';
import { pricesFor } from '../cost/prices.ts';
import { DEFAULT_VOLUMES, readVolumes } from '../cost/volumes.ts';

/** What a change does to the bill of an environment, in US dollars a month at the default volumes. */
export interface CostChange {
  readonly environment: string;
  readonly beforeUSD: number;
  readonly afterUSD: number;
}

/** For each environment that both have; prices are those of `region`. */
export function compareCosts(
  before: readonly AssemblyStack[],
  after: readonly AssemblyStack[],
  region: string,
): CostChange[] {
  const [volumes, prices] = [readVolumes(DEFAULT_VOLUMES), pricesFor(region)];
  const priceOf = (stacks: readonly AssemblyStack[]) => estimate(stacks, volumes, prices).totalUSD;
  return [...new Set(after.map(({ environment }) => environment))].flatMap((environment) => {
    const [old, fresh] = [before, after].map((all) => all.filter((stack) => stack.environment === environment));
    if (old === undefined || fresh === undefined || old.length === 0) return [];
    return [{ environment, beforeUSD: priceOf(old), afterUSD: priceOf(fresh) }];
  });
}
