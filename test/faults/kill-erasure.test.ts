import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { SQL_ROOT } from '../../local/curated-sql.ts';
import { eraseFromLake } from '../../local/erase.ts';
import { LakeInUse } from '../../local/lock.ts';
import { runLake } from '../../local/runner.ts';
import { seeded } from './booking-files.ts';
import { ERASED_AT, makeErasureLake, PERSON, PLAN } from './erasure-lake.ts';
import { injected, POINTS } from './injected.ts';
import { type LakeState, readLake } from './lake-state.ts';
import { tracesOf } from './person-traces.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Within the repository, so that what is not bundled is found. */
const CHILD = join(ROOT, 'node_modules', '.cache', 'laketwin-faults', `erase-child-${process.pid}.mjs`);
const LANES = 2;

let folder: string;
let fresh: string;
let before: LakeState;
let undisturbed: LakeState;
let milliseconds: number;
let effects: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-kill-erasure-'));
  fresh = join(folder, 'fresh');
  await makeErasureLake(fresh, folder, /plain|crlf/);
  before = await readLake(fresh, PLAN.name);
  await build({
    entryPoints: [join(ROOT, 'test/faults/erase-child.ts')],
    outfile: CHILD,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*', '@duckdb/*', 'zod', 'hyparquet-writer'],
    logLevel: 'silent',
  });
  const lake = await freshLake('undisturbed');
  const child = start(lake);
  await child.says('started');
  const started = performance.now();
  await child.says(' effects');
  milliseconds = performance.now() - started;
  effects = Number(/(\d+) effects/.exec(child.output())?.[1]);
  undisturbed = await readLake(lake, PLAN.name);
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(CHILD, { force: true });
});

test('an erasure that is killed at any moment shows each object whole, and ends as if undisturbed when it is done again', async (context) => {
  const random = seeded(20261122);
  const points = Array.from({ length: POINTS }, (_, point) => point);
  const ends = new Set<string>();
  const lane = async () => {
    for (let point = points.shift(); point !== undefined; point = points.shift()) {
      // Most of its time it searches; so half of the kills come behind one of its effects.
      const place = (point + random()) / POINTS;
      const lake = await freshLake(`killed-${point}`);
      await kill(lake, point % 2 === 0 ? { behind: Math.ceil(place * effects) } : { after: place * milliseconds });
      const state = await readLake(lake, PLAN.name);
      expectPart(state);
      ends.add(await finish(lake, point));
      expectUndisturbed(await readLake(lake, PLAN.name));
      await rm(lake, { recursive: true, force: true });
      injected(context);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  // Killed before it was certain, and killed when it was.
  expect([...ends].sort()).toEqual(expect.arrayContaining(['completed', 'erased']));
}, 300_000);

test('fails to run while a person is being erased, and to erase while another writes', async (context) => {
  const lake = await freshLake('in use');
  const run = () => runLake({ lake, dataset: PLAN, inputs: [], now: () => new Date(ERASED_AT) });
  const confirm = async () => {
    await expect(run()).rejects.toThrow(LakeInUse);
    await expect(erase(lake, async () => true)).rejects.toThrow(LakeInUse);
    return true;
  };
  expect((await erase(lake, confirm)).outcome).toBe('erased');
  expectUndisturbed(await readLake(lake, PLAN.name));
  injected(context, 2);
});

/** Erases again, or where the erasure was certain already, leaves the rest to a run; says which it came to. */
async function finish(lake: string, point: number): Promise<string> {
  if (point % 3 === 0) await runLake({ lake, dataset: PLAN, inputs: [], now: () => new Date(ERASED_AT) });
  const { outcome } = await erase(lake, async () => true);
  expect(await tracesOf(join(lake, 'raw'), PERSON)).toEqual([]);
  return outcome;
}

/** What readers see after the kill: every object before or after, and so the curated table. */
function expectPart(state: LakeState): void {
  const [old, now] = [before, undisturbed].map(
    ({ entries }) => new Map(entries.map((it) => [it.id, withoutSizes(it)])),
  );
  for (const entry of state.entries)
    expect([old?.get(entry.id), now?.get(entry.id)]).toContainEqual(withoutSizes(entry));
  expect(state.entries.length).toBe(before.entries.length);
  expect([before.rows.curated, undisturbed.rows.curated]).toContainEqual(state.rows.curated);
}

function expectUndisturbed(state: LakeState): void {
  expect(state.rows).toEqual(undisturbed.rows);
  expect(state.entries.map(withoutSizes)).toEqual(undisturbed.entries.map(withoutSizes));
  expect(state.files).toEqual(undisturbed.files);
}

function withoutSizes(entry: LedgerEntry) {
  const names = (files: LedgerEntry['files']) => files.map(({ key, rows }) => ({ key, rows }));
  return { ...entry, files: names(entry.files), rejectedFiles: names(entry.rejectedFiles) };
}

function erase(lake: string, confirm: () => Promise<boolean>) {
  const now = () => new Date(ERASED_AT);
  return eraseFromLake({ lake, dataset: PLAN, person: { identifier: PERSON }, now, confirm });
}

/** Kills an erasure behind so many effects, or after so many milliseconds. */
async function kill(lake: string, when: { readonly behind: number } | { readonly after: number }): Promise<void> {
  const child = start(lake, 'behind' in when ? when.behind : 0);
  if ('after' in when) {
    await child.says('started');
    await new Promise((resolve) => setTimeout(resolve, when.after));
    child.process.kill('SIGKILL');
  }
  await child.ended;
}

interface Child {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly says: (words: string) => Promise<void>;
  readonly ended: Promise<unknown>;
}

function start(lake: string, behind = 0): Child {
  const started = spawn(process.execPath, [CHILD, lake, SQL_ROOT, String(behind)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  started.stdout.on('data', (chunk) => {
    output += chunk;
  });
  started.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(started, 'close');
  const says = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(words) && resolve();
      started.stdout.on('data', look);
      look();
      ended.then(() => (output.includes(words) ? resolve() : reject(new Error(`ended before '${words}': ${errors}`))));
    });
  return { process: started, output: () => output, says, ended };
}

async function freshLake(name: string): Promise<string> {
  const lake = join(folder, name);
  await cp(fresh, lake, { recursive: true, preserveTimestamps: true });
  return lake;
}
