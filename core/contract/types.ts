/** Column types that zod has no word for. Each is a strict zod type that carries its lake type along. */
import * as z from 'zod';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Whole number of up to 64 bits: a bigint, because a JavaScript number is exact to 2^53 only. */
export function int64(bounds: { readonly minimum?: bigint; readonly maximum?: bigint } = {}) {
  const { minimum = INT64_MIN, maximum = INT64_MAX } = bounds;
  return z
    .bigint()
    .min(minimum)
    .max(maximum)
    .meta({
      lakeType: 'int64',
      ...(bounds.minimum === undefined ? {} : { minimum: String(minimum) }),
      ...(bounds.maximum === undefined ? {} : { maximum: String(maximum) }),
    });
}

/** Instant in UTC to the millisecond, as `2024-05-01T09:30:00.000Z`. */
export function timestamp() {
  return z.iso.datetime({ precision: 3 }).refine(notYearZero).meta({ lakeType: 'timestamp' });
}

/** Calendar day, as `2024-05-01`. */
export function date() {
  return z.iso.date().refine(notYearZero).meta({ lakeType: 'date' });
}

/** Keyed pseudonym of 22 characters, see `core/etl/pseudonym.ts`. */
export function pseudonym() {
  return z.string().regex(/^[1-9A-Za-z][A-Za-z0-9_-]{21}$/);
}

function notYearZero(text: string): boolean {
  return !text.startsWith('0000');
}
