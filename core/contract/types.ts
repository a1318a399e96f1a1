/** Column types that zod has no word for. Each is a strict zod type that carries its lake type along. */
import * as z from 'zod';
import { decimalPattern, isDate, isTimestamp, unscaled } from './value-tests.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Whole number of up to 64 bits: a bigint, because a JavaScript number is exact to 2^53 only. Bounds are inclusive. */
export function int64(bounds: { readonly minimum?: bigint; readonly maximum?: bigint } = {}) {
  const { minimum, maximum } = bounds;
  return z
    .bigint()
    .min(minimum ?? INT64_MIN)
    .max(maximum ?? INT64_MAX)
    .meta({ lakeType: 'int64', bounds: textBounds(minimum, maximum) });
}

/**
 * Exact decimal, as for money: text with `scale` decimals, as `'12.30'`. Bounds are inclusive and written alike.
 *
 * Throws for a precision beyond 38, which no engine of the lake holds.
 */
export function decimal(
  precision: number,
  scale: number,
  bounds: { readonly minimum?: string; readonly maximum?: string } = {},
) {
  if (
    !(Number.isInteger(precision) && Number.isInteger(scale) && scale >= 0 && scale <= precision && precision <= 38)
  ) {
    throw new Error(`found decimal(${precision}, ${scale}), expected a precision up to 38 and a scale within it`);
  }
  const { minimum, maximum } = bounds;
  const least = minimum === undefined ? undefined : unscaled(minimum, scale);
  const most = maximum === undefined ? undefined : unscaled(maximum, scale);
  const shape = new RegExp(decimalPattern({ kind: 'decimal', precision, scale }));
  return checkedText((text) => {
    if (!shape.test(text)) return false;
    const digits = unscaled(text, scale);
    return (least === undefined || digits >= least) && (most === undefined || digits <= most);
  }).meta({ lakeType: `decimal(${precision},${scale})`, bounds: textBounds(minimum, maximum) });
}

/** Instant in UTC to the millisecond, as `2024-05-01T09:30:00.000Z`, in the years 0001 to 9999. */
export function timestamp() {
  return checkedText(isTimestamp).meta({ lakeType: 'timestamp' });
}

/** Calendar day, as `2024-05-01`, in the years 0001 to 9999. */
export function date() {
  return checkedText(isDate).meta({ lakeType: 'date' });
}

/** Keyed pseudonym of 22 characters, see `core/etl/pseudonym.ts`. The source gives the value itself. */
export function pseudonym() {
  return z.string().regex(/^[1-9A-Za-z][A-Za-z0-9_-]{21}$/);
}

/** Checks that the plan's type stands for; any other refinement of a contract is refused. */
const lakeChecks = new WeakSet<object>();

export function isLakeCheck(check: object): boolean {
  return lakeChecks.has(check);
}

function checkedText(accepts: (text: string) => boolean) {
  const type = z.string().refine(accepts);
  for (const check of type._zod.def.checks ?? []) lakeChecks.add(check);
  return type;
}

function textBounds(minimum: bigint | string | undefined, maximum: bigint | string | undefined) {
  return {
    ...(minimum === undefined ? {} : { minimum: String(minimum) }),
    ...(maximum === undefined ? {} : { maximum: String(maximum) }),
  };
}
