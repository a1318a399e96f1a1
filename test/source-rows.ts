/** Texts of source rows, good and broken, from a seed: fast enough for hundreds of thousands. */
import fc from 'fast-check';
import { type Column, type DatasetPlan, type LakeField, sourceColumns } from '../core/contract/plan.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface SourceStyle {
  /** Share of cells in another than the plainest form. */
  readonly odd: number;
  /** Share of cells that are broken, or at least strange. */
  readonly broken: number;
}

/** Makes the texts of one row's source columns, by name; '' where there is nothing. */
export function sourceTexts(
  plan: DatasetPlan,
  random: () => number,
  { odd, broken }: SourceStyle,
): () => Map<string, string> {
  const columns = sourceColumns(plan).map((column) => ({ name: column.name, text: textOf(plan, column, random, odd) }));
  return () =>
    new Map(columns.map(({ name, text }) => [name, random() < broken ? breakText(text(), random) : text()] as const));
}

type Random = () => number;

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

function textOf(plan: DatasetPlan, column: Column, random: Random, odd: number): () => string {
  const plain = column.privacy === 'pseudonym' ? () => person(random, odd) : fieldText(column, random, odd);
  const maps = plan.clean.filter((rule) => rule.column === column.name && rule.kind === 'map');
  const keys = maps.flatMap((rule) => (rule.kind === 'map' ? Object.keys(rule.values) : []));
  return () => {
    if ((column.nullable || column.origin === 'position') && random() < 0.2) return '';
    if (random() >= odd) return plain();
    const text = keys.length > 0 && random() < 0.5 ? pick(random, keys) : plain();
    return pick(random, [text, ` ${text}`, `${text}\t`, text.toLowerCase(), text.replace('.', ',')]);
  };
}

function person(random: Random, odd: number): string {
  const id = `U${Math.floor(random() * 1e9)}`;
  return random() < odd
    ? pick(random, [` ${id} `, id.toLowerCase(), `Ünal ${id}`, `ﬁ${id}`, '   ', `${id}\u00a0`])
    : id;
}

function fieldText(field: LakeField, random: Random, odd: number): () => string {
  const { type, pattern } = field;
  const isOdd = () => random() < odd;
  switch (type.kind) {
    case 'string': {
      const matching =
        pattern === undefined
          ? undefined
          : fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 200, seed: 1 });
      return () => (matching === undefined ? words(field, random, isOdd()) : pick(random, matching));
    }
    case 'enum':
      return () => pick(random, type.values);
    case 'int32':
    case 'int64':
      return () => {
        const text = wholeText(field, type.kind === 'int64', random);
        return isOdd() ? pick(random, [`+${text}`, `0${text}`, ` ${text} `, `${text}\t`, `-${text}`]) : text;
      };
    case 'double':
      return () => {
        const least = Number(field.minimum ?? -1000);
        const value = least + random() * (Number(field.maximum ?? 1000) - least);
        const text = pick(random, [value.toFixed(2), String(value), value.toFixed(0), value.toFixed(1)]);
        return isOdd()
          ? pick(random, [`+${text}`, `${text}e0`, `${text}.`, value.toExponential(), ` ${text}`, '.5', '5.'])
          : text;
      };
    case 'decimal':
      return () => {
        const least = Number(field.minimum ?? -1000);
        const text = (least + random() * 2000).toFixed(random() < 0.5 ? type.scale : 0);
        const digits = '9'.repeat(type.precision - type.scale);
        return isOdd()
          ? pick(random, [
              `+${text}`,
              `00${text}`,
              `${text}${text.includes('.') ? '000' : '.0'}`,
              digits,
              `${digits}9`,
              '-0.00',
              '0.001',
            ])
          : text;
      };
    case 'boolean':
      return () => (isOdd() ? pick(random, ['yes', 'No', 'TRUE', 'tRuE', ' 1', 'false']) : pick(random, ['0', '1']));
    case 'date':
      return () => dayText(random, isOdd());
    case 'timestamp':
      return () => instantText(random, isOdd());
    case 'array':
      return () =>
        JSON.stringify(Array.from({ length: Math.floor(random() * 4) }, () => nested(type.element, random, odd)));
    case 'struct':
      return () =>
        JSON.stringify(Object.fromEntries(type.fields.map((inner) => [inner.name, nested(inner, random, odd)])));
  }
}

function nested(field: LakeField, random: Random, odd: number): unknown {
  if (field.nullable && random() < 0.2) return null;
  const text = fieldText(field, random, odd)();
  const isJson = field.type.kind === 'array' || field.type.kind === 'struct';
  return isJson ? JSON.parse(text) : field.type.kind === 'double' ? Number(text) || 0 : text;
}

function wholeText({ minimum, maximum }: LakeField, is64: boolean, random: Random): string {
  if (is64) return String(BigInt(Math.floor(random() * 2 ** 31)) * (random() < 0.5 ? 4_294_967_311n : 1n) + 1n);
  const least = Number(minimum ?? -(2 ** 31));
  const most = Number(maximum ?? 2 ** 31 - 1);
  return String(random() < 0.05 ? pick(random, [least, most]) : Math.floor(least + random() * (most - least + 1)));
}

function dayText(random: Random, isOdd: boolean): string {
  const two = (most: number) => String(1 + Math.floor(random() * most)).padStart(2, '0');
  const year = isOdd ? pick(random, ['0001', '9999', '1900', '2000', '2024', '0000']) : '2024';
  return `${year}-${two(12)}-${two(isOdd ? 31 : 28)}`;
}

function instantText(random: Random, isOdd: boolean): string {
  const two = (most: number) => String(Math.floor(random() * most)).padStart(2, '0');
  const time = `${two(24)}:${two(60)}:${two(60)}`;
  if (!isOdd) return `${dayText(random, false)}T${time}.${two(100)}0Z`;
  const fraction = pick(random, ['', '.1', '.12', '.123', '.999999', '.9999995', '.123456789']);
  const zone = pick(random, ['', 'Z', ' UTC', '+02:00', '-23:59', '+24:00', 'z']);
  return `${dayText(random, random() < 0.3)}${pick(random, ['T', ' '])}${time}${fraction}${zone}`;
}

const WORDS = ['New Zealand', 'Réunion', 'a', 'Czech Republic', 'Myanmar (Burma)', '日本', 'a,b', 'a;b', '(not set)'];
const ODD_WORDS = [
  'say "x"',
  '😀',
  'é',
  '"',
  '""',
  "'",
  ',',
  ';',
  '|',
  '\t',
  ' ',
  'e\u0301',
  '\u00a0',
  '\\',
  '\\n',
  '\n',
  '{',
  'null',
  'NaN',
  '\u007f',
  '\u2028',
];

function words({ maxLength = 40 }: LakeField, random: Random, isOdd: boolean): string {
  if (!isOdd) return pick(random, WORDS);
  if (random() < 0.1)
    return pick(random, ['a', 'é', '😀']).repeat(maxLength > 200 ? 30 : maxLength - 1 + Math.floor(random() * 3));
  return Array.from({ length: 1 + Math.floor(random() * 6) }, () =>
    pick(random, random() < 0.5 ? WORDS : ODD_WORDS),
  ).join('');
}

const STRANGE = [
  '',
  ' ',
  '  ',
  '\t',
  '-',
  '+',
  '.',
  '-.',
  '5-',
  '--5',
  '0x10',
  '0b1',
  '1_000',
  '1e3',
  '1E3',
  '1e309',
  '-1e309',
  '1e-400',
  '5.0',
  '5.5',
  '4.9999999999999999',
  '.',
  'e5',
  '1e',
  'NaN',
  'nan',
  'inf',
  '-Infinity',
  'null',
  'NULL',
  'true',
  'on',
  't',
  '2',
  '-1',
  '-0',
  '00',
  '999999999999999999999',
  '99999999999999999999',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '2147483648',
  '-2147483649',
  '１２',
  '٣',
  '5\u00a0',
  '\u30005',
  '2023-02-29',
  '2024-02-29',
  '2024-13-01',
  '0000-01-01',
  '10000-01-01',
  '2024-1-1',
  '2024-05-01T24:00:00Z',
  '2024-05-01T23:59:60Z',
  '2024-05-01T10:00Z',
  '2024-05-01',
  '0001-01-01T00:30:00+01:00',
  '0000-12-31T23:30:00-01:00',
  '9999-12-31T23:30:00-01:00',
  '01/02/2024',
  'Internet',
  'internet',
  ' Internet',
  'Mon ',
  'akldel',
  'AKLDEL\u00a0',
  'AKLDE',
  'ÀKLDEL',
  'Ａ',
  '1,5',
  '1,234,5',
  '😀',
  '\ufeff5',
  '\u2028',
  '[]',
  '{}',
  '[null]',
  '"',
  '""',
  '[1',
  '0.125',
  '0.1250000',
  '123456789012345678901234567890.5',
  '1.10',
  "O'Neil",
  '\\',
];

function breakText(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  const character = pick(random, [
    ' ',
    ',',
    '"',
    'x',
    '0',
    '-',
    '.',
    'é',
    '😀',
    '\t',
    '\u0001',
    '\0',
    '_',
    'e',
    '\x1e',
    '\r',
  ]);
  return pick(random, [
    pick(random, STRANGE),
    pick(random, STRANGE),
    pick(random, STRANGE),
    text.slice(0, at) + character + text.slice(at),
    text.slice(0, at) + text.slice(at + 1),
    text + text,
  ]);
}
