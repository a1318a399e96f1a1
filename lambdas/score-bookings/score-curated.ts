/** Scores the curated bookings that a version has not scored yet, and judges it by the outcomes that came since. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { parquetWriter, toParquet } from '../../core/contract/to-parquet.ts';
import { type FeaturePlan, inputColumns } from '../../core/features/feature-plan.ts';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { alarmsOf, type DayOfFeedback, feedbackOf, type JudgedBooking } from '../../core/model/feedback.ts';
import { openPublished, type PublishedModel, type ReadRegistryFile } from '../../core/model/published-model.ts';
import { type ScorableRow, scoreBookings } from '../../core/model/score-bookings.ts';
import { bookingScores, modelDrift, modelMetrics, scoredDayPrefix } from '../../core/model/score-tables.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { openDuckDB } from '../shared/duckdb.ts';
import { fetchObject } from '../shared/fetch-object.ts';

export interface ScorePorts {
  readonly store: ObjectStore;
  /** Says which version scores. */
  readonly readRegistry: ReadRegistryFile;
  /** A folder for temporary files. */
  readonly scratch: string;
  readonly now: () => Date;
}

export interface ScoredLake {
  readonly version: string;
  /** Bookings that had no score of this version yet. */
  readonly scored: number;
  /** Bookings of the last 90 days that the model did not learn from and whose outcome is known. */
  readonly judged: number;
  readonly days: readonly DayOfFeedback[];
  /** In words, what rings on the last day that has outcomes. */
  readonly alarms: readonly string[];
}

const ENGINE = { threads: 2, memoryLimitMiB: 512 } as const;
/** Days after its score in which an outcome still counts; what is older keeps the figures that it has. */
const JUDGED_DAYS = 90;
const DAY_MS = 86_400_000;
const ISO = '%Y-%m-%dT%H:%M:%S.%gZ';

/** Doing it again scores nothing twice. Throws what `openPublished` throws, and where the table was never published. */
export async function scoreCurated(ports: ScorePorts, plan: FeaturePlan): Promise<ScoredLake> {
  const published = await openPublished(ports.readRegistry, plan);
  const { version } = published.record;
  const folder = await mkdtemp(join(ports.scratch, 'score-'));
  try {
    const duck = await openDuckDB({ ...ENGINE, scratch: folder });
    try {
      const connection = await duck.connect();
      await showCurated(ports, plan, connection, folder);
      await showScores(ports, version, connection, folder);
      const scored = await scoreTheRest(ports, plan, published, connection);
      await showScores(ports, version, connection, folder);
      const since = new Date(ports.now().getTime() - JUDGED_DAYS * DAY_MS).toISOString().slice(0, 10);
      const judged = await readJudged(plan, connection, since);
      const days = feedbackOf(published, plan, judged);
      for (const day of days) await putFeedback(ports.store, version, day);
      const last = days.filter(({ drift }) => drift.length > 0).at(-1);
      return { version, scored, judged: judged.length, days, alarms: last ? alarmsOf(published, last) : [] };
    } finally {
      await duck.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The view `curated`: what scoring and judging read of it, times as texts. */
async function showCurated({ store }: ScorePorts, plan: FeaturePlan, connection: DuckDBConnection, folder: string) {
  const table = plan.dataset.name;
  const manifest = await readCurrentManifest(store, table);
  if (manifest === undefined) throw new Error(`the table ${table} was never published: take a file in first`);
  const keys = curatedFiles(manifest).map(({ key }) => key);
  const times = ['event_time', 'ingested_at'].map((name) => `strftime(${name}, '${ISO}') as ${name}`);
  const columns = [...columnsOf(plan), ...times].join(', ');
  const files = await fetchAll(store, keys, join(folder, 'curated'));
  await connection.run(`create view curated as select ${columns} from read_parquet(${files})`);
}

/** The view `scored`: of a booking that was scored twice, on its way in and on another, the first score counts. */
async function showScores({ store }: ScorePorts, version: string, connection: DuckDBConnection, folder: string) {
  const keys: string[] = [];
  for await (const { key } of store.list('curated', `${bookingScores.name}/`)) {
    if (key.split('/').at(-1)?.startsWith(`${version}-`)) keys.push(key);
  }
  const rows =
    keys.length === 0
      ? NO_SCORES
      : `select * from read_parquet(${await fetchAll(store, keys, await mkdtemp(join(folder, 'scored-')))})`;
  await connection.run(`create or replace view scored as
    select booking_id, arg_min(completion_probability, scored_at) as probability, bool_or(was_trained_on) as was_trained_on,
      strftime(min(scored_at), '%Y-%m-%d') as day
    from (${rows}) group by booking_id`);
}

const NO_SCORES = `select cast(null as varchar) as booking_id, cast(null as timestamptz) as scored_at,
  cast(null as double) as completion_probability, cast(null as boolean) as was_trained_on where false`;

async function scoreTheRest(
  { store, now }: ScorePorts,
  plan: FeaturePlan,
  published: PublishedModel,
  connection: DuckDBConnection,
): Promise<number> {
  const at = now();
  const { version } = published.record;
  const writer = parquetWriter(bookingScores);
  const ids = createHash('sha256');
  let scored = 0;
  const missing = 'select * from curated anti join scored using (booking_id) order by booking_id';
  for await (const rows of (await connection.stream(missing)).yieldRowObjects()) {
    const scores = scoreBookings(published, { plan, source: 'batch', now: at }, rows as unknown as ScorableRow[]);
    for (const { booking_id } of scores) ids.update(booking_id).update('\n');
    writer.write(scores.map((score) => ({ ...score })));
    scored += scores.length;
  }
  if (scored === 0) return 0;
  const day = at.toISOString().slice(0, 10);
  const name = `${version}-batch-${ids.digest('hex').slice(0, 16)}.parquet`;
  await store.put('curated', `${scoredDayPrefix(bookingScores, day)}${name}`, writer.finish());
  return scored;
}

async function readJudged(plan: FeaturePlan, connection: DuckDBConnection, since: string): Promise<JudgedBooking[]> {
  const target = plan.targets[0]?.column ?? '';
  const judged: JudgedBooking[] = [];
  const known = `select * from scored join curated using (booking_id)
    where not was_trained_on and ${target} is not null and day >= '${since}' order by booking_id`;
  for await (const rows of (await connection.stream(known)).yieldRowObjects()) {
    for (const row of rows) {
      const { day, probability } = row;
      judged.push({ day: String(day), probability: Number(probability), label: row[target] === true ? 1 : 0, row });
    }
  }
  return judged;
}

/** Each day is one file of each table, and is written again as outcomes arrive. */
async function putFeedback(store: ObjectStore, version: string, { day, metrics, drift }: DayOfFeedback) {
  const basis = metrics[0]?.basis ?? 'outcomes';
  const put = (table: DatasetPlan, rows: readonly object[]) => {
    const key = `${scoredDayPrefix(table, day)}${version}-${basis}.parquet`;
    return store.put('curated', key, toParquet(table, rows as readonly Record<string, unknown>[]));
  };
  await put(modelMetrics, metrics);
  if (drift.length > 0) await put(modelDrift, drift);
}

function columnsOf(plan: FeaturePlan): string[] {
  const inputs = inputColumns(plan).map(({ name }) => name);
  return [...new Set([...plan.dataset.key, ...inputs, ...plan.targets.map(({ column }) => column)])];
}

/** The objects as files, in a folder of their own, and DuckDB's list of them. */
async function fetchAll(store: ObjectStore, keys: readonly string[], folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const key of keys) {
    const path = join(folder, `${paths.length}.parquet`);
    if ((await fetchObject(store, 'curated', key, path)) === undefined) throw new Error(`curated/${key} is not there`);
    paths.push(`'${path.replaceAll("'", "''")}'`);
  }
  return `[${paths.join(', ')}]`;
}
