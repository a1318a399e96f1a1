import type { AnswerRow, AnswerValue } from '../../../core/answers/answer-value.ts';
import { bareSql } from '../../../core/answers/statement-text.ts';
import { athenaType } from '../../../scripts/view-columns.ts';

interface Answered {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly AnswerRow[];
}

/** Relative, and only for doubles of queries that add up or approximate: engines add in another order. */
const TOLERANCE = 1e-9;
const ADDS_UP = /\b(avg|sum|stddev\w*|var\w*|corr|covar\w*|geometric_mean|regr_\w+|approx_\w+)\s*\(/i;

/**
 * What is not the same in two answers to `sql`, as one sentence; undefined where they agree. Rows are compared in
 * their order where the query asks for one, else as a multiset; values exactly, but see `TOLERANCE`. Names and types of
 * columns are compared too, a varchar's length apart, which only Trino knows.
 */
export function disagreement(sql: string, laptop: Answered, trino: Answered): string | undefined {
  const [ours, theirs] = [laptop, trino].map(({ columns }) => columns.map(columnText).join(', '));
  if (ours !== theirs) return `the laptop has the columns ${ours}, trino ${theirs}`;
  if (laptop.rows.length !== trino.rows.length)
    return `the laptop has ${laptop.rows.length} rows, trino ${trino.rows.length}`;
  const bare = bareSql(sql);
  const isOrdered = /\border\s+by\b(?![\s\S]*\))/i.test(bare);
  const [left, right] = [laptop.rows, trino.rows].map((rows) => (isOrdered ? rows : sorted(rows)));
  const tolerance = ADDS_UP.test(bare) ? TOLERANCE : 0;
  for (const [at, row] of (left ?? []).entries()) {
    const other = right?.[at] ?? [];
    const column = row.findIndex((value, index) => !isSame(value, other[index] ?? null, tolerance));
    if (column < 0) continue;
    const name = laptop.columns[column]?.name;
    return `row ${at + 1}, ${name}: the laptop says ${text(row[column])}, trino ${text(other[column])} (${text(row)})`;
  }
  return undefined;
}

function columnText({ name, type }: { readonly name: string; readonly type: string }): string {
  return `${name} ${athenaType(type).replace(/varchar\(\d+\)/g, 'varchar')}`;
}

function isSame(left: AnswerValue, right: AnswerValue, tolerance: number): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
    return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
  }
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return left === right;
  return text(left) === text(right);
}

/** By everything but numbers first, so that the last digit of a sum cannot change which rows are compared. */
function sorted(rows: readonly AnswerRow[]): readonly AnswerRow[] {
  const keyed = rows.map((row) => ({
    row,
    whole: text(row.map((value) => (typeof value === 'number' ? null : value))),
    numbers: row.filter((value) => typeof value === 'number'),
  }));
  keyed.sort((a, b) => (a.whole < b.whole ? -1 : a.whole > b.whole ? 1 : firstDifference(a.numbers, b.numbers)));
  return keyed.map(({ row }) => row);
}

function firstDifference(left: readonly number[], right: readonly number[]): number {
  for (const [at, value] of left.entries()) if (value !== right[at]) return value - (right[at] ?? 0);
  return 0;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one)) ?? 'nothing';
}
