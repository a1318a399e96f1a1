/** From a curated table to the channel that the training script reads. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRows } from '../../core/features/check-rows.ts';
import { type FeaturePlan, type FeatureRow, inputColumns } from '../../core/features/feature-plan.ts';
import { type TrainingFile, trainingFiles } from '../../core/features/training-files.ts';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { openDuckDB } from '../shared/duckdb.ts';
import { fetchObject } from '../shared/fetch-object.ts';

export interface PreparePorts {
  readonly store: ObjectStore;
  /** A folder for temporary files. */
  readonly scratch: string;
  put(file: TrainingFile): Promise<void>;
}

export interface Prepared {
  /** In the order of their ids. */
  readonly rows: readonly FeatureRow[];
  /** SHA-256 of the rows' inputs and targets, in order. */
  readonly fingerprint: string;
  readonly warnings: readonly string[];
}

const ENGINE = { threads: 2, memoryLimitMiB: 512 } as const;

/** Throws a sentence where the table was never published, or its rows cannot be trained on: see `checkRows`. */
export async function prepareFeatures(ports: PreparePorts, plan: FeaturePlan): Promise<Prepared> {
  const rows = await readCuratedRows(ports, plan);
  const warnings = checkRows(plan, rows);
  for (const file of trainingFiles(plan, rows)) await ports.put(file);
  const fingerprint = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return { rows, fingerprint, warnings };
}

async function readCuratedRows({ store, scratch }: PreparePorts, plan: FeaturePlan): Promise<FeatureRow[]> {
  const table = plan.dataset.name;
  const manifest = await readCurrentManifest(store, table);
  if (manifest === undefined) {
    throw new Error(`the table ${table} was never published: take a file in first, as in npx laketwin run --no-serve`);
  }
  const folder = await mkdtemp(join(scratch, 'prepare-'));
  try {
    const paths: string[] = [];
    for (const { key } of curatedFiles(manifest)) {
      const path = join(folder, `${paths.length}.parquet`);
      if ((await fetchObject(store, 'curated', key, path)) === undefined) {
        throw new Error(`the file curated/${key} is in the manifest of ${table} and is not there`);
      }
      paths.push(path);
    }
    return await queryRows(folder, paths, plan);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function queryRows(folder: string, paths: readonly string[], plan: FeaturePlan): Promise<FeatureRow[]> {
  if (paths.length === 0) return [];
  const targets = plan.targets.map(({ column }) => column);
  const names = [...new Set([...inputColumns(plan).map(({ name }) => name), ...targets])];
  const files = paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ');
  const duck = await openDuckDB({ ...ENGINE, scratch: folder });
  try {
    const connection = await duck.connect();
    const reader = await connection.runAndReadAll(
      `select ${names.join(', ')} from read_parquet([${files}])
       where ${targets.map((name) => `${name} is not null`).join(' and ')} order by ${plan.dataset.key.join(', ')}`,
    );
    return reader.getRows().map((row) => Object.fromEntries(names.map((name, place) => [name, row[place]])));
  } finally {
    await duck.close();
  }
}
