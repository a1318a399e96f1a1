/** List prices, as dated configuration: what is charged for a unit of something in a region. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const price = z.strictObject({
  /** `<service>.<what>`. */
  id: z.string().regex(/^[a-z0-9]+\.[A-Za-z0-9._-]+$/),
  /** A region's name, or `*` for a price that is the same everywhere. */
  region: z.string(),
  unit: z.string().min(1),
  usd: z.number().positive(),
  /** The AWS page that states it. */
  source: z.string().min(1),
  /** When it was written down. */
  date: z.iso.date(),
  /** Whether it was read somewhere else than in memory; `confirmedBy` says where. */
  confirmed: z.boolean(),
  confirmedBy: z.string().optional(),
});

const freeTier = z.strictObject({
  price: z.string(),
  /** In the price's own unit, a month and an account. */
  quantity: z.number().positive(),
  kind: z.enum(['always', 'first-year']),
  source: z.string().min(1),
  confirmed: z.boolean(),
  confirmedBy: z.string().optional(),
});

const schema = z.strictObject({ prices: z.array(price), freeTiers: z.array(freeTier) });

export type Price = Readonly<z.infer<typeof price>>;
export type FreeTier = Readonly<z.infer<typeof freeTier>>;

/** The prices of one region. */
export interface PriceList {
  readonly region: string;
  /** Of the newest price in the list. */
  readonly date: string;
  readonly freeTiers: readonly FreeTier[];
  /** Throws where there is no such price, for nothing is free because it is unknown. */
  of(id: string): Price;
}

const file = schema.parse(JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8')));

/** Regions with a list of their own. */
export const pricedRegions: readonly string[] = [...new Set(file.prices.map(({ region }) => region))]
  .filter((region) => region !== '*')
  .sort();

/** Throws one sentence for a region without prices. */
export function pricesFor(region: string): PriceList {
  if (!pricedRegions.includes(region)) {
    throw new Error(`no prices for region '${region}', expected one of ${pricedRegions.join(', ')}`);
  }
  const known = new Map(
    file.prices.filter((one) => one.region === region || one.region === '*').map((one) => [one.id, one]),
  );
  return {
    region,
    date:
      [...known.values()]
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? '',
    freeTiers: file.freeTiers,
    of(id) {
      const found = known.get(id);
      if (found !== undefined) return found;
      const family = id.slice(0, id.indexOf('.') + 1);
      const others = [...known.keys()].filter((other) => other.startsWith(family));
      throw new Error(`no price '${id}' for region ${region}, expected one of ${others.join(', ')}`);
    },
  };
}
