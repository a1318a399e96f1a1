import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { planUnits } from '../../core/lake/plan-units.ts';
import { backfillObject } from '../../lambdas/reprocess/backfill-object.ts';
import { type BackfillSummary, backfillLake } from '../../local/backfill.ts';
import { openFileStore } from '../../local/file-store.ts';
import { replayRejected } from '../../local/replay.ts';
import { reprocessPorts } from '../../local/reprocess-ports.ts';
import { runLake } from '../../local/runner.ts';
import { DESPITE, RULES_BEFORE, RULES_TODAY } from './backfill-rules.ts';
import { seeded, writeBookings, writeNamedBookings } from './booking-files.ts';
import { digests } from './digests.ts';
import { type LakeState, readLake } from './lake-state.ts';
import { startChild } from './start-child.ts';

const MONTHS = Array.from({ length: 13 }, (_, n) => new Date(Date.UTC(2025, n, 15, 7)).toISOString());
const [FROM, TO] = ['2025-01', '2026-01'];
const ROWS = 2_000;
const NOW = '2026-11-21T07:00:00.123Z';
/** How often a backfill is killed; the moments are spread over its duration. */
const KILLS = 14;

let folder: string;
/** Thirteen months by the rules before, and what a backfill of all of them makes of it. */
let before: string;
let stateBefore: LakeState;
let undisturbed: LakeState;
let milliseconds: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-'));
  // Ids of the fourth and the fifth month are the same in part: newer rows replace older ones across months.
  for (const [n, month] of MONTHS.entries())
    await (n === 3 || n === 4 ? writeNamedBookings : writeBookings)(fileOf(month), ROWS, n + 1);
  const fresh = join(folder, 'fresh');
  await runLake({ lake: fresh, dataset: RULES_BEFORE, inputs: [], now: () => new Date(NOW) });
  before = await copyOf(fresh, 'before');
  await takeInMonths(before, RULES_BEFORE);
  stateBefore = await readLake(before, 'bookings');

  const lake = await copyOf(before, 'undisturbed');
  const child = startChild('backfill-child.ts', [lake, NOW, FROM, TO]);
  await child.says('started');
  const started = performance.now();
  expect(await child.ended).toMatchObject({ code: 0 });
  milliseconds = performance.now() - started;
  undisturbed = await readLake(lake, 'bookings');
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a backfill over thirteen months leaves the rows of a lake that was made by the rules of today', async () => {
  const lake = await copyOf(join(folder, 'fresh'), 'anew');
  await takeInMonths(lake, RULES_TODAY);
  const anew = await readLake(lake, 'bookings');
  expect(undisturbed.rows).toEqual(anew.rows);
  expect(undisturbed.entries.map(facts)).toEqual(anew.entries.map(facts));
  expect(undisturbed.rows.curated).not.toEqual(stateBefore.rows.curated);
  expect(undisturbed.rows.rejected).not.toEqual(stateBefore.rows.rejected);
}, 240_000);

test('a backfill loses no row, and keeps ids and the time of arrival', () => {
  expect(undisturbed.entries).toHaveLength(13);
  for (const [n, entry] of undisturbed.entries.entries()) {
    expect(entry.rowsIn).toBe(entry.accepted + entry.rejected + entry.duplicates);
    const { id, receivedAt, rowsIn } = stateBefore.entries[n] as LedgerEntry;
    expect(entry).toMatchObject({ id, receivedAt, rowsIn, revision: 1 });
  }
  expect(undisturbed.files.filter((path) => path.startsWith('processed/bookings/')).every(isRevised)).toBe(true);
});

test(`a backfill that is killed at any of ${KILLS} moments and run again leaves the lake of an undisturbed one`, async () => {
  const random = seeded(20261121);
  const moments = Array.from({ length: KILLS }, (_, n) => (n + random()) / KILLS);
  let kills = 0;
  let missed = 0;
  for (let moment = moments.shift(); moment !== undefined; moment = moments.shift()) {
    if (await killAndRunAgain(moment * milliseconds)) kills++;
    else if (missed++ < KILLS) {
      // The machine has become faster since the undisturbed backfill: the moment comes again, earlier.
      milliseconds *= 0.9;
      moments.push(moment);
    }
  }
  expect(kills).toBeGreaterThanOrEqual(10);
}, 400_000);

/** Returns whether the backfill was still going on when it was killed. */
async function killAndRunAgain(moment: number): Promise<boolean> {
  const lake = await copyOf(before, `killed-${moment}`);
  const child = startChild('backfill-child.ts', [lake, NOW, FROM, TO]);
  await child.says('started');
  await new Promise((resolve) => setTimeout(resolve, moment));
  child.process.kill('SIGKILL');
  const { signal } = await child.ended;

  expectPart(await readLake(lake, 'bookings'));
  await backfill(lake);
  const state = await readLake(lake, 'bookings');
  expect(state.rows).toEqual(undisturbed.rows);
  expect(state.entries.map(withoutSizes)).toEqual(undisturbed.entries.map(withoutSizes));
  expect(state.files).toEqual(undisturbed.files);
  await rm(lake, { recursive: true, force: true });
  return signal === 'SIGKILL';
}

/** What readers see after the kill: of each object the old rows or the new ones, and the curated table of one of the two. */
function expectPart(state: LakeState): void {
  for (const [n, entry] of state.entries.entries()) {
    const either = [stateBefore, undisturbed].map(({ entries }) => withoutSizes(entries[n] as LedgerEntry));
    expect(either).toContainEqual(withoutSizes(entry));
  }
  expect([stateBefore.rows.curated, undisturbed.rows.curated]).toContainEqual(state.rows.curated);
}

test('a backfill by the same rules changes no byte of a lake', async () => {
  const lake = await copyOf(join(folder, 'undisturbed'), 'again');
  const bytes = digests(lake);
  const summary = await backfill(lake);
  expect(summary.objects.map(({ outcome }) => outcome)).toEqual(MONTHS.map(() => 'unchanged'));
  expect(digests(lake)).toEqual(bytes);
}, 60_000);

test('a backfill of two months leaves the others as they are, and names what has no raw file', async () => {
  const lake = await copyOf(before, 'range');
  const expired = stateBefore.entries.find(({ ingestDate }) => ingestDate === '2025-07-15') as LedgerEntry;
  const changed = stateBefore.entries.find(({ ingestDate }) => ingestDate === '2025-06-15') as LedgerEntry;
  await rm(join(lake, 'raw', expired.rawKey ?? ''));
  await writeFile(join(lake, 'raw', changed.rawKey ?? ''), 'other bytes');
  const summary = await backfill(lake, { from: '2025-06-15', to: '2025-08' });
  expect(summary).toMatchObject({ from: '2025-06-15', to: '2025-08-31' });
  expect(summary.objects.map(({ day, outcome }) => [day, outcome])).toEqual([
    ['2025-06-15', 'raw file changed'],
    ['2025-07-15', 'raw file expired'],
    ['2025-08-15', 'replaced'],
  ]);
  expect(summary.rowsIn).toBe(summary.accepted + summary.rejected + summary.duplicates);
  const after = await readLake(lake, 'bookings');
  for (const entry of after.entries) {
    const from = entry.ingestDate === '2025-08-15' ? undisturbed : stateBefore;
    expect(withoutSizes(entry)).toEqual(withoutSizes(from.entries.find(({ id }) => id === entry.id) as LedgerEntry));
  }
}, 60_000);

test('an object that the rules of today refuse as a whole keeps the rows that it has', async () => {
  const lake = await copyOf(before, 'refused');
  const columns = RULES_TODAY.columns.flatMap((column) =>
    column.name === 'sales_channel' ? [column, { ...column, name: 'seat' }] : [column],
  );
  const store = await openFileStore(lake);
  const ports = reprocessPorts(store, { ...RULES_TODAY, columns });
  const bytes = digests(lake);
  const done = await backfillObject(ports, stateBefore.entries[0] as LedgerEntry);
  expect(done).toMatchObject({ outcome: 'refused by the rules of today', rowsIn: ROWS });
  expect(done.why).toContain("the header lacks 'seat'");
  expect(digests(lake)).toEqual(bytes);
}, 60_000);

test('rows that a replay added are not there twice after a backfill', async () => {
  const lake = await copyOf(before, 'replayed');
  const replay = await replayRejected({ lake, dataset: RULES_TODAY, now: () => new Date(NOW) });
  expect(replay.accepted).toBeGreaterThan(0);
  expect((await readLake(lake, 'bookings')).entries.length).toBeGreaterThan(13);
  const summary = await backfill(lake);
  expect(summary.replaysDropped).toBeGreaterThan(0);
  const state = await readLake(lake, 'bookings');
  expect(state.rows).toEqual(undisturbed.rows);
  expect(state.entries.map(withoutSizes)).toEqual(undisturbed.entries.map(withoutSizes));
}, 120_000);

test('another revision of an entry makes another unit', () => {
  const [entry] = stateBefore.entries;
  const idOf = (it: LedgerEntry) => planUnits(RULES_TODAY, 'the same', [it]).map(({ id }) => id);
  const next = { ...(entry as LedgerEntry), revision: 1 };
  expect(idOf(next)).not.toEqual(idOf(entry as LedgerEntry));
  expect(idOf({ ...next, revision: 2 })).not.toEqual(idOf(next));
});

test.each([
  ['2026-02', '2026-01', '--from 2026-02 is after --to 2026-01, expected the earlier one first'],
  ['2025-02-29', '2026-01', '--from is 2025-02-29: there is no such day, 2025-02 has 28'],
  ['2025-01', '2025-13', '--to is 2025-13: there is no such month, expected 01 to 12'],
  ['yesterday', '2025-01', "--from is 'yesterday', expected a day as 2026-01-31 or a month as 2026-01"],
])('fails for the range %s to %s, and says why', async (from, to, why) => {
  await expect(backfill(before, { from, to })).rejects.toThrow(why);
});

function backfill(lake: string, more: Partial<Parameters<typeof backfillLake>[0]> = {}): Promise<BackfillSummary> {
  const now = () => new Date(NOW);
  return backfillLake({ lake, dataset: RULES_TODAY, from: FROM, to: TO, now, despite: DESPITE, ...more });
}

async function takeInMonths(lake: string, dataset: DatasetPlan): Promise<void> {
  for (const month of MONTHS)
    await runLake({ lake, dataset, inputs: [fileOf(month)], now: () => new Date(month), despite: DESPITE });
}

function fileOf(month: string): string {
  return join(folder, `bookings-${month.slice(0, 7)}.csv`);
}

async function copyOf(from: string, name: string): Promise<string> {
  const lake = join(folder, name);
  await cp(from, lake, { recursive: true, preserveTimestamps: true });
  return lake;
}

function isRevised(path: string): boolean {
  return /-r1-\d{5}\.parquet$/.test(path);
}

function facts({ files, rejectedFiles, revision, ...entry }: LedgerEntry) {
  return entry;
}

/** Rows of a file may stand in another order each time, which changes how well they compress. */
function withoutSizes(entry: LedgerEntry) {
  const names = (files: LedgerEntry['files']) => files.map(({ key, rows }) => ({ key, rows }));
  return { ...entry, files: names(entry.files), rejectedFiles: names(entry.rejectedFiles) };
}
