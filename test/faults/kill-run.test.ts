import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetNamed } from '../../datasets/index.ts';
import type { RunSummary } from '../../local/run-summary.ts';
import { runLake } from '../../local/runner.ts';
import { seeded, writeBookings, writeNamedBookings } from './booking-files.ts';
import { type LakeState, readLake } from './lake-state.ts';
import { startChild } from './start-child.ts';

/** How often a run is killed; the moments are spread over its duration. */
const KILLS = 24;
/** Runs at a time. */
const LANES = 2;
const NOW = '2026-11-21T07:00:00.123Z';

let folder: string;
let inputs: string[];
/** A lake with nothing in it but its pseudonym key, so that all lakes have the same one. */
let fresh: string;
let undisturbed: LakeState;
let milliseconds: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-'));
  inputs = ['bookings.csv.gz', 'named.csv', 'named-later.csv'].map((name) => join(folder, name));
  await writeBookings(inputs[0] ?? '', 18_000, 1);
  await writeNamedBookings(inputs[1] ?? '', 1_500, 2);
  await writeNamedBookings(inputs[2] ?? '', 1_500, 3);
  fresh = join(folder, 'fresh');
  await run(fresh, []);

  const lake = await freshLake('undisturbed');
  const child = startChild('run-child.ts', [lake, NOW, ...inputs]);
  await child.says('started');
  const started = performance.now();
  const end = await child.ended;
  milliseconds = performance.now() - started;
  expect(end).toMatchObject({ code: 0 });
  undisturbed = await readLake(lake, 'bookings');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the undisturbed run has accepted, rejected, doubled and repeated rows', () => {
  const sum = (count: 'rowsIn' | 'accepted' | 'rejected' | 'duplicates') =>
    undisturbed.entries.reduce((total, entry) => total + entry[count], 0);
  expect(sum('rowsIn')).toBe(21_000);
  expect(sum('accepted') + sum('rejected') + sum('duplicates')).toBe(21_000);
  expect(sum('rejected')).toBe(undisturbed.rows.rejected.rows);
  expect(sum('accepted') + sum('duplicates')).toBe(undisturbed.rows.processed.rows);
  for (const count of [sum('rejected'), sum('duplicates'), undisturbed.rows.curated.rows])
    expect(count).toBeGreaterThan(400);
});

test(`a run that is killed at any of ${KILLS} moments and run again leaves the lake of an undisturbed run`, async () => {
  const random = seeded(20261121);
  const moments = Array.from({ length: KILLS }, (_, n) => (n + random()) / KILLS);
  let kills = 0;
  let missed = 0;
  const lane = async () => {
    for (let moment = moments.shift(); moment !== undefined; moment = moments.shift()) {
      if (await killAndRunAgain(moment * milliseconds)) kills++;
      else if (missed++ < KILLS) {
        // The machine has become faster since the undisturbed run: the moment comes again, earlier.
        milliseconds *= 0.9;
        moments.push(moment);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(kills).toBeGreaterThanOrEqual(20);
}, 300_000);

/** Returns whether the run was still going on when it was killed. */
async function killAndRunAgain(moment: number): Promise<boolean> {
  const lake = await freshLake(`killed-${moment}`);
  const child = startChild('run-child.ts', [lake, NOW, ...inputs]);
  await child.says('started');
  await new Promise((resolve) => setTimeout(resolve, moment));
  child.process.kill('SIGKILL');
  const { signal } = await child.ended;

  expectPart(await readLake(lake, 'bookings'));
  const summary = await run(lake, inputs);
  const { rowsIn, accepted, rejected, duplicates } = summary;
  expect(rowsIn).toBe(accepted + rejected + duplicates);
  const state = await readLake(lake, 'bookings');
  expect(state.rows).toEqual(undisturbed.rows);
  expect(state.entries.map(withoutSizes)).toEqual(undisturbed.entries.map(withoutSizes));
  expect(state.files).toEqual(undisturbed.files);
  await rm(lake, { recursive: true, force: true });
  return signal === 'SIGKILL';
}

/** What readers see after the kill: whole objects only, and a curated table either not yet or whole. */
function expectPart(state: LakeState): void {
  const whole = new Map(undisturbed.entries.map((entry) => [entry.id, withoutSizes(entry)]));
  for (const entry of state.entries) expect(withoutSizes(entry)).toEqual(whole.get(entry.id));
  if (state.rows.curated.rows > 0) expect(state.rows.curated).toEqual(undisturbed.rows.curated);
}

/** Rows of a file may stand in another order each time, which changes how well they compress. */
function withoutSizes(entry: LakeState['entries'][number]) {
  const names = (files: typeof entry.files) => files.map(({ key, rows }) => ({ key, rows }));
  return { ...entry, files: names(entry.files), rejectedFiles: names(entry.rejectedFiles) };
}

async function freshLake(name: string): Promise<string> {
  const lake = join(folder, name);
  await cp(fresh, lake, { recursive: true });
  return lake;
}

function run(lake: string, files: readonly string[]): Promise<RunSummary> {
  return runLake({ lake, dataset: datasetNamed('bookings'), inputs: files, now: () => new Date(NOW) });
}
