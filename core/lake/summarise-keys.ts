import { Buffer } from 'node:buffer';
import type { DatasetPlan } from '../contract/plan.ts';

export interface KeySummary {
  /** Different keys. */
  readonly keys: number;
  /** Smallest and largest first key column, as the engines order it; absent without rows. */
  readonly keyRange?: readonly [string, string];
}

/** What a ledger entry says about the keys of rows that JavaScript holds. */
export function summariseKeys(plan: DatasetPlan, rows: readonly Readonly<Record<string, unknown>>[]): KeySummary {
  const keys = new Set(rows.map((row) => JSON.stringify(plan.key.map((name) => String(row[name])))));
  const first = plan.key[0];
  const kind = plan.columns.find((column) => column.name === first)?.type.kind;
  const isNumber = kind === 'int32' || kind === 'int64' || kind === 'double' || kind === 'decimal';
  const firsts = [...new Set(rows.map((row) => String(row[first ?? ''])))].sort(isNumber ? byNumber : byBytes);
  const [least, most] = [firsts[0], firsts.at(-1)];
  return least === undefined || most === undefined ? { keys: 0 } : { keys: keys.size, keyRange: [least, most] };
}

function byNumber(a: string, b: string): number {
  const [one, other] = [/^-?\d+$/.test(a) ? BigInt(a) : Number(a), /^-?\d+$/.test(b) ? BigInt(b) : Number(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
