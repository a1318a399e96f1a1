import { parseArgs } from 'node:util';

export interface LoadOptions {
  /** Parts that are named; empty for all of them. */
  readonly parts: readonly string[];
  /** Of the steady rate [s]. */
  readonly seconds: number;
  /** Rows a second. */
  readonly rate: number;
  /** Sizes of the volume, the smallest first. */
  readonly rows: readonly number[];
  readonly json: boolean;
}

/** The options that were given to this process. Throws a sentence for one that makes no sense. */
export function loadOptions(args: readonly string[] = process.argv.slice(2)): LoadOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '600' },
      rate: { type: 'string', default: '5000' },
      rows: { type: 'string', default: '500000,5000000,50000000' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    parts: positionals,
    seconds: positive('seconds', values.seconds),
    rate: positive('rate', values.rate),
    rows: values.rows
      .split(',')
      .map((text) => positive('rows', text))
      .sort((a, b) => a - b),
    json: values.json,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} has '${text}', expected a whole number above 0`);
}
