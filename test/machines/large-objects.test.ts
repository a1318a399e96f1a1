/** Files too large for a function, through the machine that is deployed and the real Spark job, against a function's own work. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { convertDefinition } from '../../core/contract/convert-definition.ts';
import { planOf } from '../../core/contract/define-dataset.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { ledgerKey } from '../../core/lake/keys.ts';
import { waitingObjects } from '../../core/lake/large-objects.ts';
import type { EntryErasure, LedgerEntry } from '../../core/lake/ledger.ts';
import { readReprocessed } from '../../core/lake/reprocessing.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { type ConvertReport, convertEvents } from '../../lambdas/convert/convert-events.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { TEST_KEY } from '../convert-input.ts';
import { openSpark } from '../engines/spark.ts';
import { DESPITE, RULES_BEFORE, RULES_TODAY } from '../faults/backfill-rules.ts';
import { writeBookings } from '../faults/booking-files.ts';
import { readLake } from '../faults/lake-state.ts';
import { type ConvertArguments, definition, machineOver } from './curation-parts.ts';
import { runMachine } from './local-machine.ts';

const jobs = openSpark();
const LARGE = 'bookings/2026/large file.csv';
const SMALL = 'bookings/2026/small.csv';
const MOST_BYTES = 50_000;

let folder: string;
/** Two files in raw/, nothing else. */
let received: string;
/** Both converted by the function, and published. */
let expected: Awaited<ReturnType<typeof seenOf>>;
let lakes = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-large-'));
  received = join(folder, 'received');
  const store = await openFileStore(received);
  for (const [key, rows] of [
    [LARGE, 2000],
    [SMALL, 200],
  ] as const) {
    const path = join(folder, 'source.csv');
    await writeBookings(path, rows, rows);
    await store.putFile('raw', key, path);
  }
  const byFunction = await copyOf(received);
  await tell(byFunction, Number.POSITIVE_INFINITY);
  await start(byFunction, 'run-1');
  expected = await seenOf(byFunction);
}, 120_000);
afterAll(async () => {
  jobs.close();
  await rm(folder, { recursive: true, force: true });
});

test('a file above the limit is handed over once however often one is told of it, and nothing of it is converted', async () => {
  const lake = await copyOf(received);
  for (const _ of [1, 2]) {
    const reports = await tell(lake);
    expect(reports.map(({ outcome, rawKey }) => [outcome, rawKey])).toEqual([
      ['handed over', LARGE],
      ['converted', SMALL],
    ]);
  }
  expect(await waiting(lake)).toMatchObject([{ rawKey: LARGE }]);
  expect((await readLake(lake, 'bookings')).entries.map(({ rawKey }) => rawKey)).toEqual([SMALL]);
});

test('a gzip counts as ten times its size', async () => {
  const lake = await copyOf(received);
  const store = await openFileStore(lake);
  const text = await readFile(store.pathOf('raw', LARGE));
  const zipped = gzipSync(text);
  await store.put('raw', LARGE, zipped);
  expect(zipped.length).toBeLessThan(MOST_BYTES);
  expect((await tell(lake)).map(({ outcome }) => outcome)).toEqual(['handed over', 'converted']);
  await store.put('raw', LARGE, zipped);
  expect((await tell(lake, zipped.length * 10)).map(({ outcome }) => outcome)).toEqual(['converted', 'converted']);
});

test('a file above the limit is read by the job, entered and published as if a function had converted it, once', async () => {
  const lake = await copyOf(received);
  await tell(lake);
  expect(await start(lake, 'run-1')).toEqual([]);
  expect(await seenOf(lake)).toEqual(expected);
  expect(await leftOf(lake)).toEqual([]);
  await tell(lake);
  expect(await start(lake, 'run-2')).toEqual([]);
  expect(await seenOf(lake)).toEqual(expected);
  expect(await leftOf(lake)).toEqual([]);
}, 120_000);

test('runs that are killed one after another, each a step later, leave nothing half read, and the next ends the same', async () => {
  const lake = await copyOf(received);
  await tell(lake);
  const kills: readonly Started[] = [
    { stoppedAfter: 'Frame' },
    { convert: tornJob(lake) },
    { stoppedAfter: 'Convert' },
    { stoppedAfter: 'Finish' },
  ];
  for (const [n, kill] of kills.entries()) {
    expect(await start(lake, `killed-${n}`, kill)).toEqual([expect.stringContaining('stopped It waits')]);
    const { entries } = await readLake(lake, 'bookings');
    const isEntered = kill.stoppedAfter === 'Finish';
    expect(entries.map(({ rawKey }) => rawKey).sort()).toEqual(isEntered ? [LARGE, SMALL] : [SMALL]);
    expect(await waiting(lake)).toHaveLength(isEntered ? 0 : 1);
  }
  expect(await start(lake, 'again')).toEqual([]);
  expect(await seenOf(lake)).toEqual(expected);
  expect(await leftOf(lake)).toEqual([]);
}, 120_000);

test('fails with an alert where the job does, and what else came in is published', async () => {
  const lake = await copyOf(received);
  await tell(lake);
  const alerts = await start(lake, 'run-1', {
    convert: async () => {
      throw new Error('the job ran out of memory');
    },
  });
  expect(alerts).toEqual([expect.stringMatching(/was not taken in: .*the job ran out of memory It waits/)]);
  const { entries, rows } = await readLake(lake, 'bookings');
  expect(entries.map(({ rawKey }) => rawKey)).toEqual([SMALL]);
  expect(rows.curated.rows).toBe(entries[0]?.accepted);
  expect(await waiting(lake)).toHaveLength(1);
}, 60_000);

test('fails with an alert and a note, and for good, where a large file is no table of the dataset', async () => {
  const lake = await copyOf(received);
  const store = await openFileStore(lake);
  await store.put('raw', LARGE, `a,b\n${'1,2\n'.repeat(MOST_BYTES)}`);
  await tell(lake);
  expect(await start(lake, 'run-1')).toEqual([
    expect.stringMatching(/^bookings\/2026\/large file\.csv is not taken in: no column of the contract found/),
  ]);
  expect(await leftOf(lake)).toEqual([]);
  const [note = ''] = await readdir(store.pathOf('processed', '_refused/bookings'));
  expect(JSON.parse(await readFile(store.pathOf('processed', `_refused/bookings/${note}`), 'utf8'))).toMatchObject({
    rawKey: LARGE,
    message: expect.stringContaining('no column of the contract'),
  });
  expect(await start(lake, 'run-2')).toEqual([]);
}, 60_000);

test('a backfill of a large file is handed over as well, judges it by the rules of today and keeps what was erased', async () => {
  const before = await copyOf(received);
  await tell(before, Number.POSITIVE_INFINITY, RULES_BEFORE);
  // What replays have added goes with the new revision.
  await start(before, 'replay', { plan: RULES_TODAY, input: { replay: true } });
  expect((await readLake(before, 'bookings')).entries.filter(({ replayOf }) => replayOf !== undefined)).toHaveLength(2);
  const erasure = await eraseLine(before);
  const backfill = { backfill: { from: '2000-01-01', to: '2099-12-31' }, despite: DESPITE };
  const [byFunction, bySpark] = [await copyOf(before), await copyOf(before)];
  await start(byFunction, 'by-function', { plan: RULES_TODAY, input: backfill, mostBytes: Number.POSITIVE_INFINITY });
  expect(await start(bySpark, 'by-spark', { plan: RULES_TODAY, input: backfill })).toEqual([]);
  const seen = await seenOf(bySpark);
  expect(seen).toEqual(await seenOf(byFunction));
  expect(seen.rows).not.toEqual(expected.rows);
  expect(seen.entries.map(({ revision }) => revision)).toEqual([1, 1]);
  const again = seen.entries.find(({ rawKey }) => rawKey === LARGE);
  expect([again?.erasedRows, again?.erasures]).toEqual([1, [erasure]]);
  // Hadoop keeps checksums beside the files of a folder; on S3 it does not.
  const { entries, files } = await readLake(bySpark, 'bookings');
  const lying = files.filter((path) => path.startsWith('processed/bookings/') && !path.endsWith('.crc'));
  expect(lying).toEqual(entries.flatMap((entry) => entry.files.map(({ key }) => `processed/${key}`)).sort());
  expect(lying.filter((path) => path.includes('-r1-'))).toHaveLength(2);
  expect(await waiting(bySpark)).toEqual([]);
}, 120_000);

test('a replay tries no row of a file that has more refused rows than a function holds, and says of how many', async () => {
  const lake = await copyOf(received);
  await tell(lake, Number.POSITIVE_INFINITY, RULES_BEFORE);
  const { entries } = await readLake(lake, 'bookings');
  const [few, many] = entries.map(({ rejected }) => rejected).sort((a, b) => a - b);
  await start(lake, 'replay', { plan: RULES_TODAY, input: { replay: true }, mostRejected: few });
  expect(await readReprocessed(await openFileStore(lake), 'replay')).toMatchObject({ rowsIn: few, untried: many });
}, 60_000);

/** Tells the convert function of both files. */
async function tell(
  lake: string,
  mostBytes = MOST_BYTES,
  plan: DatasetPlan = planOf(bookings),
): Promise<ConvertReport[]> {
  const store = await openFileStore(lake);
  const reports: ConvertReport[] = [];
  const handle = convertEvents({
    store,
    datasetNamed: () => plan,
    loadPseudonymKey: async () => TEST_KEY,
    scratch: await store.scratch.folder('tell'),
    mostBytes,
    report: (done) => reports.push(done),
  });
  const bodies = [LARGE, SMALL].map((key) => {
    const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
    return JSON.stringify({ Records: [{ s3: { object: { key: encoded } } }] });
  });
  await handle({ Records: bodies.map((body, n) => ({ messageId: String(n), body })) });
  return reports;
}

/** Empties a line of the large file, as an erasure does, and says so in its entry. */
async function eraseLine(lake: string): Promise<EntryErasure> {
  const store = await openFileStore(lake);
  const entry = (await readLake(lake, 'bookings')).entries.find(
    ({ rawKey, replayOf }) => rawKey === LARGE && !replayOf,
  );
  if (entry === undefined) throw new Error('the large file is not in the ledger');
  const lines = (await readFile(store.pathOf('raw', LARGE), 'utf8')).split('\n');
  const text = lines.with(5, '').join('\n');
  await store.put('raw', LARGE, text);
  const rawChecksum = createHash('sha256').update(text).digest('hex');
  const erased: EntryErasure = { erasure: 1, at: '2026-01-02T03:04:05.678Z', rawChecksum };
  await store.put(
    'processed',
    ledgerKey('bookings', entry.id),
    `${JSON.stringify({ ...entry, erasedRows: 1, erasures: [erased] })}\n`,
  );
  return erased;
}

interface Started {
  /** Name of the task after whose effect it is killed, with all tries of it. */
  readonly stoppedAfter?: string;
  readonly convert?: (args: ConvertArguments) => Promise<void>;
  readonly plan?: DatasetPlan;
  readonly input?: object;
  readonly mostBytes?: number;
  readonly mostRejected?: number | undefined;
}

/** Starts an execution; gives its alerts. */
async function start(lake: string, run: string, given: Started = {}): Promise<readonly string[]> {
  const { stoppedAfter, input = {}, plan = planOf(bookings), mostBytes = MOST_BYTES, mostRejected } = given;
  const store = await openFileStore(lake);
  const convert = given.convert ?? ((args: ConvertArguments) => convertBySpark(store, plan, args));
  const { handlers, alerts } = machineOver(store, {
    plan,
    mostBytes,
    convert,
    ...(mostRejected !== undefined && { mostRejected }),
  });
  const stopping = stoppedAfter !== undefined && {
    [stoppedAfter]: async (event: never) => {
      await handlers[stoppedAfter]?.(event);
      throw new Error('stopped');
    },
  };
  await runMachine(definition, { ...handlers, ...stopping }, run, { despite: DESPITE, ...input });
  return alerts;
}

/** All that the job does but for its last word. */
function tornJob(lake: string) {
  return async (args: ConvertArguments) => {
    const result = args['--order'].replace(/order\.json$/, 'result.json');
    if (!existsSync(result)) {
      await convertBySpark(await openFileStore(lake), planOf(bookings), args);
      await rm(result);
    }
    throw new Error('stopped');
  };
}

/** Runs the job with the arguments that the stack and the machine give it. */
async function convertBySpark(store: FileStore, plan: DatasetPlan, args: ConvertArguments): Promise<void> {
  const [definitionPath, key] = [join(folder, 'definition.json'), join(folder, 'key.json')];
  await writeFile(definitionPath, JSON.stringify(convertDefinition(plan)));
  await writeFile(
    key,
    JSON.stringify({ version: TEST_KEY.version, secret: Buffer.from(TEST_KEY.secret).toString('base64') }),
  );
  const zones = ['raw', 'processed'].flatMap((zone) => [`--${zone}`, join(store.root, zone)]);
  const own = ['--definition', definitionPath, '--pseudonym-key', key, ...zones];
  const { status, errors } = await jobs.run(['convert.py', ...own, ...Object.entries(args).flat()]);
  if (status !== 0) throw new Error(`the job ended with status ${status}: ${errors}`);
}

async function waiting(lake: string) {
  return waitingObjects(await openFileStore(lake), 'bookings');
}

/** What readers see, but for how it is packed into files. */
async function seenOf(lake: string) {
  const { entries, rows } = await readLake(lake, 'bookings');
  return { rows, entries: entries.map(withoutFiles) };
}

function withoutFiles({ files, rejectedFiles, ...entry }: LedgerEntry) {
  return entry;
}

/** Files of work that is done. */
async function leftOf(lake: string): Promise<string[]> {
  const { files } = await readLake(lake, 'bookings');
  return files.filter((path) => /(^|\/)(_large|_frames|_drafts)\//.test(path) || path.includes('.tmp/'));
}

async function copyOf(lake: string): Promise<string> {
  const copy = join(folder, `lake-${lakes++}`);
  await cp(lake, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}
