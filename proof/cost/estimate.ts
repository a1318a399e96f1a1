import type { AssemblyStack } from '../assembly.ts';
import { LakeResources } from './lake-resources.ts';
import { type Line, priced } from './line.ts';
import type { PriceList } from './prices.ts';
import { FREE_TYPES, services } from './services/all-services.ts';
import { trafficOf } from './traffic.ts';
import type { Volumes } from './volumes.ts';

/** Resources of a type that this model knows no price for. */
export interface Unpriced {
  readonly type: string;
  /** `<stack>/<logical id>` each. */
  readonly resources: readonly string[];
}

export interface Estimate {
  readonly region: string;
  /** When the newest price was written down. */
  readonly pricesOf: string;
  readonly lines: readonly Line[];
  /** By service, the dearest first. */
  readonly subtotals: readonly { readonly service: string; readonly monthlyUSD: number }[];
  readonly totalUSD: number;
  readonly unpriced: readonly Unpriced[];
}

/** What the stacks of one environment cost in a month of these volumes, at list prices and without tax. */
export function estimate(stacks: readonly AssemblyStack[], volumes: Volumes, prices: PriceList): Estimate {
  const lake = new LakeResources(stacks);
  const use = { lake, volumes, traffic: trafficOf(lake, volumes) };
  const lines = priced(
    services.flatMap((service) => service.drafts(use)),
    prices,
    volumes.freeTier,
  );
  const subtotals = services
    .map(({ name }) => ({ service: name, monthlyUSD: total(lines.filter(({ service }) => service === name)) }))
    .sort((one, other) => other.monthlyUSD - one.monthlyUSD);
  return {
    region: prices.region,
    pricesOf: prices.date,
    lines,
    subtotals,
    totalUSD: total(lines),
    unpriced: unpricedOf(lake),
  };
}

export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { monthlyUSD }) => sum + monthlyUSD, 0);
}

function unpricedOf(lake: LakeResources): Unpriced[] {
  const known = new Set([...FREE_TYPES, ...services.flatMap(({ types, free }) => [...types, ...free])]);
  return lake.types
    .filter((type) => !known.has(type))
    .map((type) => ({ type, resources: lake.ofType(type).map(({ id }) => id) }));
}
