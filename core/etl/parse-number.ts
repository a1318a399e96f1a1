const WHOLE = /^[+-]?\d{1,20}$/;
const DOUBLE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const DECIMAL = /^([+-]?)0*(\d+)(?:\.(\d+))?$/;
const EXPONENT = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,4})$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** The whole number of 32 bits that a text writes out, or undefined. */
export function parseInt32(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  const value = Number(text);
  // Adding 0 turns -0 into 0.
  return value >= -2_147_483_648 && value <= 2_147_483_647 ? value + 0 : undefined;
}

/** The whole number of 64 bits that a text writes out, or undefined. */
export function parseInt64(text: string): bigint | undefined {
  if (!WHOLE.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** The finite number that a text writes out, or undefined; there is no NaN, no infinity and no hexadecimal. */
export function parseDouble(text: string): number | undefined {
  if (!DOUBLE.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Why a text is no decimal of a column; `type` where it is no number at all. */
export type DecimalRule = 'type' | 'scale' | 'precision';

/** The canonical text of a decimal with exactly `scale` decimals, or the rule that it breaks. */
export function parseDecimal(text: string, precision: number, scale: number): { readonly text: string } | DecimalRule {
  const match = DECIMAL.exec(text);
  if (match === null) return 'type';
  const [, sign, whole = '', fraction = ''] = match;
  if (/[^0]/.test(fraction.slice(scale))) return 'scale';
  if (whole !== '0' && whole.length > precision - scale) return 'precision';
  const digits = scale === 0 ? whole : `${whole}.${fraction.slice(0, scale).padEnd(scale, '0')}`;
  return { text: sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits };
}

/** A JSON number without exponent: `1.5e3` is `1500`; every other text is returned as it is. */
export function plainNumber(text: string): string {
  const match = EXPONENT.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  if (point <= 0) return `${sign}0.${digits.padStart(digits.length - point, '0')}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
