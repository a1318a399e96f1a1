/** Backfills and replays by the machine that is deployed, against those of a laptop on the same objects. */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { readRunRecords } from '../../core/lake/run-records.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { backfillLake } from '../../local/backfill.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { replayRejected } from '../../local/replay.ts';
import { runLake } from '../../local/runner.ts';
import { TEST_KEY } from '../convert-input.ts';
import { DESPITE, RULES_BEFORE, RULES_TODAY } from '../faults/backfill-rules.ts';
import { writeBookings } from '../faults/booking-files.ts';
import { digests } from '../faults/digests.ts';
import { readLake } from '../faults/lake-state.ts';
import { definition, type MachineOptions, machineOver } from './curation-parts.ts';
import { runMachine } from './local-machine.ts';

const DAYS = ['2026-01-15', '2026-02-15', '2026-02-16'];
const FEBRUARY = { from: '2026-02-01', to: '2026-02-28' };
const NOW = new Date('2026-04-01T00:00:00Z');
const MODEL = { now: () => NOW, dataset: RULES_TODAY };

let folder: string;
/** Three objects by the rules before. */
let before: string;
let lakes = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-reprocess-'));
  before = join(folder, 'before');
  for (const [n, day] of DAYS.entries()) {
    const path = join(folder, `${day}.csv`);
    await writeBookings(path, 300, n + 1);
    const now = () => new Date(`${day}T07:00:00Z`);
    await runLake({
      lake: before,
      dataset: RULES_BEFORE,
      inputs: [path],
      now,
      despite: DESPITE,
      pseudonymKey: TEST_KEY,
    });
  }
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a month that is put down again replaces its old rows, as the backfill of a laptop does', async () => {
  const laptop = await copyOf(before);
  await backfillLake({ lake: laptop, ...MODEL, ...FEBRUARY, despite: DESPITE, pseudonymKey: TEST_KEY });
  const cloud = await copyOf(before);
  expect(await start(cloud, 'backfill-1', { backfill: FEBRUARY })).toEqual([]);
  const [expected, found] = [await readLake(laptop, 'bookings'), await readLake(cloud, 'bookings')];
  expect(found.entries).toEqual(expected.entries);
  expect(found.entries.map(({ revision }) => revision ?? 0).sort()).toEqual([0, 1, 1]);
  expect(found.rows).toEqual(expected.rows);
  expect(found.rows).not.toEqual((await readLake(before, 'bookings')).rows);
  for (const zone of ['processed', 'rejected']) {
    const inZone = (path: string) => path.startsWith(`${zone}/bookings/`);
    expect(found.files.filter(inZone)).toEqual(expected.files.filter(inZone));
  }
  const [byLaptop, byMachine] = [(await recordsOf(laptop)).at(-1), (await recordsOf(cloud)).at(-1)];
  expect({ ...byMachine, run: '' }).toEqual({ ...byLaptop, run: '', startedAt: byMachine?.startedAt });
  expect(byMachine).toMatchObject({ mode: 'backfill', outcome: 'published', objects: 2, changed: 2 });
}, 60_000);

test('a second backfill changes no byte but its own record, and the record says so', async () => {
  const lake = await copyOf(before);
  await start(lake, 'backfill-1', { backfill: FEBRUARY });
  const bytes = rowsOf(lake);
  expect(await start(lake, 'backfill-2', { backfill: FEBRUARY })).toEqual([]);
  expect(rowsOf(lake)).toEqual(bytes);
  const [first, second] = (await recordsOf(lake)).filter(({ mode }) => mode === 'backfill');
  expect(first).toMatchObject({ mode: 'backfill', outcome: 'published', fromDay: '2026-02-01', toDay: '2026-02-28' });
  expect(first).toMatchObject({
    objects: 2,
    changed: 2,
    rowsPublished: (await readLake(lake, 'bookings')).rows.curated.rows,
  });
  expect(first?.rowsIn).toBe((first?.accepted ?? 0) + (first?.rejected ?? 0) + (first?.duplicates ?? 0));
  expect(second).toMatchObject({ run: 'backfill-2', outcome: 'nothing new', objects: 2, changed: 0 });
  expect(second?.endedAt).toBe(NOW.toISOString());
}, 60_000);

test('the runs of a lake can be asked for', async () => {
  const engine = await openEngine(await openFileStore(before), [bookings]);
  try {
    const { rows } = await engine.query('select mode, outcome, objects, rows_in, from_day from runs order by ended_at');
    expect(rows).toEqual(DAYS.map(() => ['curate', 'published', 1n, 300n, null]));
  } finally {
    await engine.close();
  }
});

test('a backfill that was stopped after any step ends the same when it is started again', async () => {
  const whole = await copyOf(before);
  await start(whole, 'whole', { backfill: FEBRUARY });
  const expected = await readLake(whole, 'bookings');
  for (const step of ['Reprocess batch', 'Plan', 'Settle', 'Stage', 'Publish']) {
    const lake = await copyOf(before);
    await expect(start(lake, 'stopped', { backfill: FEBRUARY }, { stoppedAfter: step })).rejects.toThrow('stopped');
    expect(await start(lake, 'again', { backfill: FEBRUARY })).toEqual([]);
    const found = await readLake(lake, 'bookings');
    expect(found.rows).toEqual(expected.rows);
    expect(found.entries).toEqual(expected.entries);
  }
}, 120_000);

test('rejected rows that pass today are taken in by a replay once, as by the replay of a laptop', async () => {
  const laptop = await copyOf(before);
  const { accepted, tried } = await replayRejected({ lake: laptop, ...MODEL, pseudonymKey: TEST_KEY });
  expect(accepted).toBeGreaterThan(0);
  const cloud = await copyOf(before);
  expect(await start(cloud, 'replay-1', { replay: true })).toEqual([]);
  const [expected, found] = [await readLake(laptop, 'bookings'), await readLake(cloud, 'bookings')];
  expect(found.entries).toEqual(expected.entries);
  expect(found.rows).toEqual(expected.rows);
  const bytes = rowsOf(cloud);
  expect(await start(cloud, 'replay-2', { replay: true })).toEqual([]);
  expect(rowsOf(cloud)).toEqual(bytes);
  expect((await recordsOf(cloud)).filter(({ mode }) => mode === 'replay')).toMatchObject([
    { mode: 'replay', outcome: 'published', rowsIn: tried, accepted, rejected: tried - accepted },
    { mode: 'replay', outcome: 'nothing new', rowsIn: tried - accepted, accepted: 0, changed: 0 },
  ]);
  // The objects are judged as a whole by a backfill: what replays added is in them.
  await start(cloud, 'backfill', { backfill: { from: '2026-01-01', to: '2026-02-28' } });
  expect((await listEntries(await openFileStore(cloud), 'bookings')).map(({ replayOf }) => replayOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
}, 60_000);

test('files that a killed run left in the days of a backfill are removed, but for those of today', async () => {
  const lake = await copyOf(before);
  const left = join(lake, 'processed/bookings/ingest_date=2026-02-15', `${'a'.repeat(32)}-00000.parquet`);
  await writeFile(left, 'left');
  await start(lake, 'young', { backfill: FEBRUARY }, { now: new Date() });
  expect(await readdir(join(left, '..'))).toContain(`${'a'.repeat(32)}-00000.parquet`);
  await start(lake, 'old', { backfill: FEBRUARY }, { now: new Date(Date.now() + 25 * 60 * 60 * 1000) });
  expect(await readdir(join(left, '..'))).not.toContain(`${'a'.repeat(32)}-00000.parquet`);
}, 60_000);

test('fails with an alert where another run is at work, or the range is none, and changes nothing', async () => {
  const lake = await copyOf(before);
  const bytes = rowsOf(lake);
  const alerts: string[] = [];
  const failing = (run: string, input: object, more: Partial<MachineOptions>) =>
    expect(start(lake, run, input, { ...more, onAlert: (message) => alerts.push(message) })).rejects.toThrow();
  await failing('busy', { backfill: FEBRUARY }, { running: 2 });
  await failing('turned', { backfill: { from: '2026-02-28', to: '2026-02-01' } }, {});
  expect(alerts[0]).toContain('another run is at work: start this one again');
  expect(alerts[1]).toContain('a backfill is from 2026-02-28 to 2026-02-01, expected the earlier day first');
  expect(rowsOf(lake)).toEqual(bytes);
  expect(
    (await recordsOf(lake))
      .slice(DAYS.length)
      .map(({ run, outcome, message }) => [run, outcome, message?.slice(0, 31)]),
  ).toEqual([
    ['busy', 'failed', 'AnotherRun: another run is at wo'.slice(0, 31)],
    ['turned', 'failed', expect.stringContaining('Error: a backfill is from 2026')],
  ]);
});

interface Started extends MachineOptions {
  /** Name of the task after whose effect the execution is killed, with all tries of it. */
  readonly stoppedAfter?: string;
  readonly onAlert?: (message: string) => void;
}

/** Starts an execution; gives its alerts. */
async function start(lake: string, run: string, input: object, given: Started = {}): Promise<readonly string[]> {
  const { stoppedAfter, onAlert, ...options } = given;
  const { handlers, alerts } = machineOver(await openFileStore(lake), { now: NOW, plan: RULES_TODAY, ...options });
  const stopping = stoppedAfter !== undefined && {
    [stoppedAfter]: async (event: never) => {
      await handlers[stoppedAfter]?.(event);
      throw new Error('stopped');
    },
  };
  try {
    await runMachine(definition, { ...handlers, ...stopping }, run, { despite: DESPITE, ...input });
    return alerts;
  } finally {
    for (const message of alerts) onAlert?.(message);
  }
}

async function copyOf(lake: string): Promise<string> {
  const copy = join(folder, `lake-${lakes++}`);
  await cp(lake, copy, { recursive: true });
  return copy;
}

async function recordsOf(lake: string) {
  return readRunRecords(await openFileStore(lake), 'bookings');
}

/** Every file but what runs leave of themselves. */
function rowsOf(lake: string): Readonly<Record<string, string>> {
  const all = Object.entries(digests(lake));
  return Object.fromEntries(all.filter(([path]) => !/^curated\/(_runs|runs|checks|candidate)\//.test(path)));
}
