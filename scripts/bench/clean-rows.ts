import type { DatasetPlan } from '../../core/contract/plan.ts';
import { compileRowReader } from '../../core/etl/read-row.ts';
import { generateRows } from '../../local/generate-file.ts';

const NOW = '2026-11-01T12:00:00.000Z';

/** Generated rows as the lake stores them. */
export function cleanRows(plan: DatasetPlan, count: number): Record<string, unknown>[] {
  const reader = compileRowReader(plan, { pseudonymise: (value) => `1${value.padEnd(21, 'x').slice(0, 21)}` });
  const source = generateRows({ dataset: plan, seed: 1, now: () => new Date(NOW) })[Symbol.iterator]();
  return Array.from({ length: count }, () => {
    const read = reader.readObject(source.next().value as object, { source: 'stream', ingestedAt: NOW });
    if (read.row === undefined) throw new Error(`a generated row was refused: ${read.rejection.message}`);
    return { ...read.row };
  });
}
