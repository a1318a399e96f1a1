import { mix } from '../../../core/generate/random.ts';

/** The three groups of digits of an id; the last text stands for no customer at all. */
export const ID_STARTS = [...groups().map((digits) => `U${digits}`), ''];
export const ID_DIGITS = [...groups(), ''];
export const NOBODY = 1000;

/** Bookings of 100 that name a customer. */
const KNOWN = 85;
const MOST = 80_000_000;
/** Shares no factor with 10^9, so that every customer has a number of their own; times `MOST` it stays exact. */
const SPREAD = 106_928_309;

/** How many customers make this many bookings. */
export function customersFor(rows: number): number {
  return Math.min(Math.max(1, Math.ceil(rows * 0.6)), rows === Number.POSITIVE_INFINITY ? 20_000 : MOST);
}

/** The place of the customer who books; few of them book often, as in Zipf's law. Undefined for nobody known. */
export function drawCustomer(customers: number, known: number, who: number): number | undefined {
  if (known % 100 >= KNOWN) return undefined;
  const share = who / 2 ** 32;
  return Math.floor(customers * share * Math.sqrt(share)); // a square root is exact by IEEE 754, a power is not
}

/** The nine digits of a customer's id. */
export function customerNumber(customer: number, seed: number): number {
  return (customer * SPREAD + mix(seed | 0)) % 1_000_000_000;
}

function groups(): string[] {
  return Array.from({ length: 1000 }, (_, digits) => String(digits).padStart(3, '0'));
}
