import type { AlertRule, Contribution, Observation } from './types.ts';

/** A row as an engine gives it: numbers may come as text. */
export type Row = Readonly<Record<string, unknown>>;

/** Throws where the row lacks a column or holds no number in one. */
export function observationOf({ id }: AlertRule, row: Row | undefined): Observation {
  if (row === undefined) return { id, value: null, n: 0, period: '' };
  const [low, high] = ['low', 'high'].map((name) => (row[name] == null ? null : numberOf(row, name)));
  return {
    id,
    value: row.value == null ? null : numberOf(row, 'value'),
    n: numberOf(row, 'n'),
    period: String(row.period ?? ''),
    ...(low != null && high != null && { interval: [low, high] as const }),
  };
}

export function contributionOf(row: Row): Contribution {
  return {
    dimension: String(row.dimension),
    segment: String(row.segment),
    attempts: numberOf(row, 'attempts'),
    attemptsBefore: numberOf(row, 'attempts_before'),
    rateBefore: numberOf(row, 'rate_before'),
    rateNow: numberOf(row, 'rate_now'),
    contribution: numberOf(row, 'contribution'),
  };
}

function numberOf(row: Row, name: string): number {
  const value = Number(row[name] ?? Number.NaN);
  if (Number.isFinite(value)) return value;
  throw new Error(`the column ${name} holds ${JSON.stringify(row[name] ?? null)}, expected a number`);
}
