import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { datasets } from '../../datasets/index.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import { withdraw } from '../../local/withdraw.ts';

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-poisoned-'));
const ROWS = 2000;
const LAST_BROKEN = 'select name, level, is_overruled from last_checks where not is_kept order by rank, name';
let lakes = 0;
let lake: string;
let seconds = 0;

/** A lake of four good files, each of another day. */
beforeEach(async () => {
  lake = join(scratch, `lake-${lakes++}`);
  for (const seed of [1, 2, 3, 4]) await take(await good(seed));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('a file like those before it is published', async () => {
  await take(await good(5));
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(5 * ROWS)]]);
  expect(await ask('select count(*) from check_results where not is_kept')).toEqual([[0n]]);
});

test('fails for half the usual rows, and what was published before stays', async () => {
  const path = await good(5);
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${lines.slice(0, ROWS / 2).join('\n')}\n`);
  await expect(take(path)).rejects.toThrow(/volume-like-before: .*\n.*rows_in 999, rows_before 2000/);
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(4 * ROWS)]]);
});

test('fails for swapped columns, and says which are otherwise than before', async () => {
  await expect(take(await swapped(5))).rejects.toThrow(/shares-like-before: .*\n.*name (purchase_lead|length_of_stay)/);
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(4 * ROWS)]]);
  expect(await ask('select name, is_overruled from check_results where not is_kept')).toEqual([
    ['shares-like-before', false],
  ]);
});

test('fails for a file in which all bookings are completed', async () => {
  const path = await changed(5, (cells, at) => cells.with(at('booking_complete'), '1'));
  await expect(take(path)).rejects.toThrow(/completion-like-ever/);
});

test('a file whose durations are in minutes is refused row by row, and nothing of it is published', async () => {
  const path = await changed(5, (cells, at) => cells.with(at('flight_duration'), '480'));
  expect(await take(path)).toMatchObject({ accepted: 0, rejected: ROWS });
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(4 * ROWS)]]);
});

test('a poisoned file stays unpublished when a good one comes after it, until it is withdrawn', async () => {
  await expect(take(await swapped(5))).rejects.toThrow(/not published/);
  await expect(take(await good(6))).rejects.toThrow(/not published/);
  const [[id] = []] = await ask("select id from ledger where name like 'swapped%'");
  await withdraw({ lake, dataset: bookings, id: String(id).slice(0, 12), now });
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(5 * ROWS)]]);
});

test('a file that comes three days late is published, and the warning is kept', async () => {
  seconds += 3 * 86_400;
  await take(await good(5));
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(5 * ROWS)]]);
  expect(await ask(LAST_BROKEN)).toEqual([['fresh-on-arrival', 'warning', false]]);
});

test('countries that nobody knows are published with a warning, which the next good file ends', async () => {
  await take(await good(5));
  await take(await changed(6, (cells, at) => cells.with(at('booking_origin'), 'Atlantis')));
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(6 * ROWS)]]);
  expect(await ask(LAST_BROKEN)).toEqual([['values-known', 'warning', false]]);
  await take(await good(7));
  expect(await ask(LAST_BROKEN)).toEqual([]);
  expect(await ask('select name, times_broken, publications_stopped from broken_checks')).toEqual([
    ['values-known', 1n, 0n],
  ]);
});

test('a person who knows that the rows are right publishes them, and that is written down', async () => {
  const path = await swapped(5);
  await expect(take(path)).rejects.toThrow(/--despite shares-like-before/);
  await take(path, ['shares-like-before']);
  expect(await ask('select count(*) from bookings')).toEqual([[BigInt(5 * ROWS)]]);
  expect(await ask('select distinct name from check_results where is_overruled')).toEqual([['shares-like-before']]);
});

test('fails to withdraw an object that is not there', async () => {
  await expect(withdraw({ lake, dataset: bookings, id: 'nope', now })).rejects.toThrow(
    "no object in the ledger has an id that begins with 'nope'",
  );
});

function now(): Date {
  return new Date(Date.UTC(2026, 0, 1) + 1000 * seconds++);
}

function take(path: string, despite: readonly string[] = []) {
  return runLake({ lake, dataset: bookings, inputs: [path], now, despite });
}

async function good(seed: number): Promise<string> {
  const out = join(scratch, `day-${lakes}-${seed}.csv`);
  await generateFile({ dataset: bookings, out, rows: ROWS, seed, dirty: 0 });
  return out;
}

function swapped(seed: number): Promise<string> {
  return changed(seed, (cells, at) => {
    const [lead, stay] = [at('purchase_lead'), at('length_of_stay')];
    return cells.with(lead, cells[stay] ?? '').with(stay, cells[lead] ?? '');
  });
}

type Change = (cells: string[], at: (column: string) => number) => string[];

async function changed(seed: number, change: Change): Promise<string> {
  const [header = '', ...lines] = readFileSync(await good(seed), 'utf8')
    .trimEnd()
    .split(/\r?\n/);
  const names = header.split(',');
  const rows = lines.map((line) => change(line.split(','), (column) => names.indexOf(column)).join(','));
  const path = join(scratch, `swapped-${lakes}-${seed}.csv`);
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
  return path;
}

async function ask(sql: string) {
  const engine = await openEngine(await openFileStore(lake), datasets, { estimatesScans: false });
  try {
    return (await engine.query(sql)).rows;
  } finally {
    await engine.close();
  }
}
