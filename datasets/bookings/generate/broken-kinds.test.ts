import { expect, test } from 'vitest';
import { compileRowReader } from '../../../core/etl/read-row.ts';
import type { BrokenCount } from '../../../core/generate/dataset-generator.ts';
import { encodeRows } from '../../../core/generate/encode-rows.ts';
import { bookings } from '../contract.ts';
import { generator } from '../generate.ts';

const ROWS = 20_000;
const POSITION = { source: 'stream', ingestedAt: '2026-11-21T08:00:00.000Z' } as const;

test('every broken row is rejected, repaired or accepted as its kind says', () => {
  const { lines, broken } = dirtyLines();
  const reader = compileRowReader(bookings, { pseudonymise: () => 'a'.repeat(22) });
  const reasons: Record<string, number> = {};
  const rules: Record<string, number> = {};
  for (const line of lines.filter((line) => !line.includes('\ufffd'))) {
    const read = reader.readJson(line, POSITION);
    if (read.rejection === undefined) for (const rule of read.cleaned) rules[rule] = (rules[rule] ?? 0) + 1;
    else {
      const reason = `${read.rejection.column}:${read.rejection.rule}`;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
  }
  const { 'row:encoding': invalid, ...expected } = sums(broken, 'rejected');
  expect(invalid).toBe(lines.filter((line) => line.includes('\ufffd')).length);
  expect(reasons).toEqual(expected);
  expect(rules).toMatchObject(sums(broken, 'repaired'));
});

function dirtyLines(): { lines: string[]; broken: BrokenCount[] } {
  const columns = [...generator.columns];
  const encoded = encodeRows(generator, { rows: ROWS, seed: 6, dirty: 0.2, format: 'jsonl', columns });
  let text = '';
  for (let next = encoded.next(); ; next = encoded.next()) {
    if (next.done) return { lines: text.trimEnd().split('\n'), broken: next.value };
    text += next.value.bytes.toString('utf8');
  }
}

function sums(broken: readonly BrokenCount[], outcome: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const count of broken.filter((it) => it.outcome === outcome)) {
    const by = String(count.by);
    found[by] = (found[by] ?? 0) + count.rows;
  }
  return found;
}
