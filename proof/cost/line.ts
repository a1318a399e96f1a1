/** What a line of the bill is, before and after it is priced. */
import type { PriceList } from './prices.ts';
import type { Volumes } from './volumes.ts';

/** One line of the monthly bill. */
export interface Line {
  readonly service: string;
  readonly item: string;
  /** In `unit`, before free tiers. */
  readonly quantity: number;
  readonly unit: string;
  readonly unitPriceUSD: number;
  readonly monthlyUSD: number;
  /** How the quantity comes about, and what it is multiplied with; or why there is nothing to pay. */
  readonly formula: string;
  /** Whether the price was confirmed. */
  readonly confirmed: boolean;
  /** What makes this line dearer than it looks. */
  readonly trap?: string;
}

/** A quantity that waits for its price. */
export interface Draft {
  readonly service: string;
  readonly item: string;
  /** Id of the price; none where nothing is paid, and then `how` says why. */
  readonly price?: string;
  /** In the unit of the price. */
  readonly quantity: number;
  readonly how: string;
  readonly trap?: string | undefined;
}

export function nothing(service: string, item: string, why: string): Draft {
  return { service, item, quantity: 0, how: why };
}

/** Prices drafts in their order; the free quantity of a price is used up by the first of them. */
export function priced(drafts: readonly Draft[], prices: PriceList, tier: Volumes['freeTier']): Line[] {
  const left = new Map(
    prices.freeTiers
      .filter(({ kind }) => tier === 'first-year' || kind === tier)
      .map(({ price, quantity }) => [price, quantity]),
  );
  return drafts.map((draft) => {
    const free = draft.price === undefined ? 0 : Math.min(left.get(draft.price) ?? 0, draft.quantity);
    if (draft.price !== undefined && free > 0) left.set(draft.price, (left.get(draft.price) ?? 0) - free);
    return lineOf(draft, prices, free);
  });
}

function lineOf({ service, item, price, quantity, how, trap }: Draft, prices: PriceList, free: number): Line {
  const extra = trap === undefined ? {} : { trap };
  if (price === undefined) {
    return {
      service,
      item,
      quantity,
      unit: '',
      unitPriceUSD: 0,
      monthlyUSD: 0,
      formula: how,
      confirmed: true,
      ...extra,
    };
  }
  const { unit, usd, confirmed } = prices.of(price);
  const paid = free > 0 ? `(${figure(quantity)} − ${figure(free)} free)` : figure(quantity);
  const formula = `${how} = ${figure(quantity)}; ${paid} × ${usd}`;
  return {
    service,
    item,
    quantity,
    unit,
    unitPriceUSD: usd,
    monthlyUSD: (quantity - free) * usd,
    formula,
    confirmed,
    ...extra,
  };
}

/** A number as formulas show it: four digits that count. */
export function figure(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 1000 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 0 };
  return value.toLocaleString('en', digits);
}
