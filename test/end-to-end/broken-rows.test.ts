import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrokenCount, Outcome } from '../../core/generate/dataset-generator.ts';
import { generator } from '../../datasets/bookings/generate.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { type GeneratedFile, generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';

const BOOKINGS = datasetNamed('bookings');
const ROWS = 50_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-broken-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['csv.gz', generator.defaultColumns],
  ['csv', generator.columns],
  ['jsonl', generator.columns],
  ['json', generator.defaultColumns],
])('a lake rejects, repairs and counts what is broken in a %s file exactly', async (format, columns) => {
  const { file, summary } = await taken(`counted.${format}`, columns);
  expect(summary.rowsIn).toBe(ROWS);
  expect(summary.rejectedByReason).toEqual(sums(file.broken, 'rejected'));
  expect(summary.cleaned).toMatchObject(sums(file.broken, 'repaired'));
  expect(summary.duplicates).toBe(rowsThat(file.broken, 'duplicate'));
  expect(summary.accepted + summary.rejected + summary.duplicates).toBe(ROWS);
});

// A join in the engine once held a few lines back, and every line after them bore the number of another.
test('every row that is kept stands in the source at the line that it names', async () => {
  const { file, lake } = await taken('placed.csv', generator.defaultColumns);
  const lines = (await readFile(file.out, 'latin1')).split('\n');
  const kept = await select(
    `select source_line, strftime(event_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'), purchase_lead, length_of_stay
     from read_parquet('${lake}/processed/bookings/**/*.parquet', hive_partitioning = false)`,
  );
  const astray = kept.filter(([line, ...values]) => {
    const cells = (lines[Number(line) - 1] ?? '').split(',');
    return [cells[15], cells[3]?.trim(), cells[4]].join() !== values.join();
  });
  expect(kept.length).toBeGreaterThan(ROWS * 0.95);
  // Only a decimal comma, in its quotes, moves the cells of a row that is kept.
  expect(astray.every(([line]) => lines[Number(line) - 1]?.includes('"'))).toBe(true);
});

async function taken(name: string, columns: readonly string[]) {
  const out = join(folder, name);
  const lake = join(folder, `lake-${name}`);
  const file = await generateFile({ dataset: BOOKINGS, rows: ROWS, seed: 9, dirty: 0.05, out, columns });
  const summary = await runLake({
    lake,
    dataset: BOOKINGS,
    inputs: [out],
    now: () => new Date('2026-11-21T08:00:00Z'),
  });
  return { file, summary, lake } satisfies { file: GeneratedFile; [name: string]: unknown };
}

function sums(broken: readonly BrokenCount[], outcome: Outcome): Record<string, number> {
  const found: Record<string, number> = {};
  for (const count of broken.filter((it) => it.outcome === outcome)) {
    const by = String(count.by);
    found[by] = (found[by] ?? 0) + count.rows;
  }
  return found;
}

function rowsThat(broken: readonly BrokenCount[], outcome: Outcome): number {
  return broken.filter((it) => it.outcome === outcome).reduce((sum, { rows }) => sum + rows, 0);
}

async function select(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows as unknown[][];
}
