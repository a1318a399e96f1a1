import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetNamed } from '../../datasets/index.ts';
import { convertEvents } from '../../lambdas/convert/convert-events.ts';
import { curate } from '../../local/curate.ts';
import { openFileStore } from '../../local/file-store.ts';
import { TEST_KEY } from '../convert-input.ts';
import { seeded, writeBookings } from './booking-files.ts';
import { digests } from './digests.ts';
import { injected, POINTS } from './injected.ts';
import { readLake } from './lake-state.ts';
import { messageOf } from './notification.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Within the repository, so that what is not bundled is found. */
const CHILD = join(ROOT, 'node_modules', '.cache', 'laketwin-faults', `kill-child-${process.pid}.mjs`);
const KEY = 'bookings/source.csv.gz';
const LANES = 2;

let folder: string;
/** A lake with the object in raw/ and nothing else. */
let fresh: string;
let undisturbed: Readonly<Record<string, string>>;
let milliseconds: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-kill-'));
  fresh = join(folder, 'fresh');
  const source = join(folder, 'source.csv.gz');
  await writeBookings(source, 3_000, 5);
  await (await openFileStore(fresh)).putFile('raw', KEY, source);
  const lake = await freshLake('undisturbed');
  const started = performance.now();
  await deliver(lake);
  milliseconds = performance.now() - started;
  undisturbed = await curated(lake);
  await build({
    entryPoints: [join(ROOT, 'test/faults/kill-child.ts')],
    outfile: CHILD,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*', '@duckdb/*'],
    logLevel: 'silent',
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(CHILD, { force: true });
});

test('the undisturbed delivery has good, bad and repeated rows, and writes two data files', async () => {
  const { entries } = await readLake(join(folder, 'undisturbed'), 'bookings');
  const [entry] = entries;
  expect(entry?.rowsIn).toBe(3_000);
  expect((entry?.accepted ?? 0) + (entry?.rejected ?? 0) + (entry?.duplicates ?? 0)).toBe(3_000);
  expect([entry?.files.length, entry?.rejectedFiles.length]).toEqual([1, 1]);
});

test('a delivery that is killed before its data is written leaves nothing, and has its one effect when it comes again', async (context) => {
  await eachPoint(1, async (lake, draw) => {
    await kill(lake, ['before data', String(draw() * milliseconds)]);
    expect(Object.keys(digests(lake))).toEqual([`raw/${KEY}`]);
    injected(context);
  });
});

test('a delivery that is killed between data and ledger is seen by nobody, and has its one effect when it comes again', async (context) => {
  await eachPoint(2, async (lake, draw) => {
    await kill(lake, ['between', String(draw() * 4), String(1 + Math.floor(draw() * 2))]);
    const { entries, files } = await readLake(lake, 'bookings');
    expect(entries).toEqual([]);
    expect(files.filter((file) => file.endsWith('.parquet')).length).toBeGreaterThan(0);
    injected(context);
  });
});

test('a delivery that is killed after the ledger and before its answer changes nothing when it comes again', async (context) => {
  await eachPoint(3, async (lake, draw) => {
    await kill(lake, ['before answer', String(draw() * 4)]);
    const before = digests(lake);
    for (const [path, digest] of Object.entries(before)) expect([path, undisturbed[path]]).toEqual([path, digest]);
    expect((await readLake(lake, 'bookings')).entries).toHaveLength(1);
    injected(context);
  });
});

/** Does this to a fresh lake each time, delivers again, curates, and compares every byte with the undisturbed lake. */
async function eachPoint(seed: number, hurt: (lake: string, draw: () => number) => Promise<void>): Promise<void> {
  const draw = seeded(20261121 + seed);
  const points = Array.from({ length: POINTS }, (_, point) => point);
  const lane = async () => {
    for (let point = points.shift(); point !== undefined; point = points.shift()) {
      const lake = await freshLake(`${seed}-${point}`);
      await hurt(lake, draw);
      await deliver(lake);
      expect(await curated(lake)).toEqual(undisturbed);
      await rm(lake, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function kill(lake: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CHILD, lake, KEY, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [, signal] = await once(child, 'close');
  expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' });
}

async function deliver(lake: string): Promise<void> {
  const handle = convertEvents({
    store: await openFileStore(lake),
    datasetNamed,
    loadPseudonymKey: async () => TEST_KEY,
    scratch: folder,
    report: () => {},
  });
  expect(await handle({ Records: [messageOf(KEY)] })).toEqual({ batchItemFailures: [] });
}

async function curated(lake: string) {
  const now = new Date('2026-11-21T07:00:00Z');
  await curate({ store: await openFileStore(lake), plan: datasetNamed('bookings'), now });
  return digests(lake);
}

async function freshLake(name: string): Promise<string> {
  const lake = join(folder, name);
  await cp(fresh, lake, { recursive: true, preserveTimestamps: true });
  return lake;
}
