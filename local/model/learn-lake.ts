/** What a run does once the bookings are curated: trains where that is due, then scores and judges. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { NoModel, openPublished } from '../../core/model/published-model.ts';
import { openFileStore } from '../file-store.ts';
import { registryReader } from './registry-reader.ts';
import { scoreLake } from './score-lake.ts';
import { trainModel } from './train-model.ts';

export interface LearnInput {
  readonly lake: string;
  readonly plan: FeaturePlan;
  /** Whether to train where it is due. */
  readonly train: boolean;
  readonly now: () => Date;
  readonly say: (text: string) => void;
}

export interface LearnedLake {
  /** The version that scores; undefined where there is none. */
  readonly version: string | undefined;
  /** Whether this run trained it. */
  readonly isNew: boolean;
  readonly scored: number;
  readonly judged: number;
  /** In words, what rings. */
  readonly alarms: readonly string[];
  /** In a sentence each, what was left out and why. */
  readonly notes: readonly string[];
  readonly seconds: { readonly train: number; readonly score: number };
}

/** Bookings that came since the last training, as a share of those, from which it is due again. */
const GROWTH = 0.1;
const SEED = 1;
/** Says on how many rows a training was refused last. */
const REFUSED = 'refused.json';

/** Never throws for the model's sake: what cannot be trained or scored is said in a note, and the bookings stay. */
export async function learnFromLake(input: LearnInput): Promise<LearnedLake> {
  const { lake, plan, now } = input;
  const notes: string[] = [];
  const clock = stopwatch();
  const trained = input.train ? await attempt(notes, 'not trained', () => trainIfDue(input, notes)) : undefined;
  const train = clock();
  const scored = await attempt(notes, 'not scored', () => scoreLake({ lake, plan, now }));
  return {
    version: scored?.version,
    isNew: trained !== undefined && trained === scored?.version,
    scored: scored?.scored ?? 0,
    judged: scored?.judged ?? 0,
    alarms: scored?.alarms ?? [],
    notes,
    seconds: { train, score: clock() },
  };
}

/** The version that was trained and published, if any. */
async function trainIfDue(input: LearnInput, notes: string[]): Promise<string | undefined> {
  const { plan, now, say } = input;
  const lake = resolve(input.lake);
  const folder = join(lake, 'models', plan.dataset.name);
  const rows = await curatedRows(lake, plan);
  const known = [await rowsOfChampion(lake, plan), await rowsOfRefusal(folder)];
  if (known.some((before) => before !== undefined && Math.abs(rows - before) <= GROWTH * before)) return undefined;
  say(`training on ${rows.toLocaleString('en')} ${plan.dataset.name} (--no-train leaves it out)`);
  const { published, targets } = await trainModel({ lake, plan, seed: SEED, budget: 'reduced', now, say: () => {} });
  if (published !== undefined) return published.version;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, REFUSED), `${JSON.stringify({ rows })}\n`);
  const [refusal] = Object.values(targets)[0]?.refusals ?? [];
  notes.push(`trained, and refused by the gate: ${refusal?.name}: ${refusal?.message}`);
  return undefined;
}

async function curatedRows(lake: string, { dataset }: FeaturePlan): Promise<number> {
  const manifest = await readCurrentManifest(await openFileStore(lake), dataset.name);
  return manifest === undefined ? 0 : curatedFiles(manifest).reduce((sum, { rows }) => sum + rows, 0);
}

/** Undefined too where the champion cannot be opened: then another is due. */
async function rowsOfChampion(lake: string, plan: FeaturePlan): Promise<number | undefined> {
  const champion = await openPublished(registryReader(lake, plan), plan).catch(() => undefined);
  return champion?.record.data.rows;
}

/** What was refused once is refused again until there are other rows. */
async function rowsOfRefusal(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, REFUSED), 'utf8').catch(() => 'null');
  return (JSON.parse(text) as { readonly rows: number } | null)?.rows;
}

/** The work's result, or undefined where it threw, which becomes a note. */
async function attempt<T>(notes: string[], what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NoModel)) notes.push(`${what}: ${(error as Error).message}`);
    return undefined;
  }
}

function stopwatch(): () => number {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - since) / 1000;
    since = now;
    return seconds;
  };
}
