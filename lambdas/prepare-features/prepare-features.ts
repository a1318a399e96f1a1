/** From a curated table to the channel that the training script reads. */
import { createHash } from 'node:crypto';
import { checkRows } from '../../core/features/check-rows.ts';
import { type FeaturePlan, type FeatureRow, inputColumns } from '../../core/features/feature-plan.ts';
import { type TrainingFile, trainingFiles } from '../../core/features/training-files.ts';
import {
  type CuratedManifest,
  manifestKey,
  readCurrentManifest,
  readManifest,
} from '../../core/lake/curated-manifest.ts';
import { type CuratedPorts, withCurated } from '../shared/curated-rows.ts';

export interface PreparePorts extends CuratedPorts {
  put(file: TrainingFile): Promise<void>;
}

export interface LearntRows {
  /** In the order of their ids. */
  readonly rows: readonly FeatureRow[];
  /** SHA-256 of the rows' inputs and targets, in order. */
  readonly fingerprint: string;
  /** Of the curated table that they are of. */
  readonly tableVersion: number;
}

export interface Prepared extends LearntRows {
  readonly warnings: readonly string[];
}

/** Throws a sentence where the table was never published, or its rows cannot be trained on: see `checkRows`. */
export async function prepareFeatures(ports: PreparePorts, plan: FeaturePlan): Promise<Prepared> {
  const learnt = await readLearntRows(ports, plan);
  const warnings = checkRows(plan, learnt.rows);
  for (const file of trainingFiles(plan, learnt.rows)) await ports.put(file);
  return { ...learnt, warnings };
}

/**
 * Rows that have all outcomes.
 *
 * @param tableVersion default: the one that readers of the table follow
 */
export async function readLearntRows(
  ports: CuratedPorts,
  plan: FeaturePlan,
  tableVersion?: number,
): Promise<LearntRows> {
  const table = plan.dataset.name;
  const manifest = await manifestOf(ports, table, tableVersion);
  if (manifest === undefined) {
    throw new Error(`the table ${table} was never published: take a file in first, as in npx laketwin run --no-serve`);
  }
  const rows = await queryRows(ports, manifest, plan);
  const fingerprint = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return { rows, fingerprint, tableVersion: manifest.version };
}

function manifestOf({ store }: CuratedPorts, table: string, version: number | undefined) {
  return version === undefined ? readCurrentManifest(store, table) : readManifest(store, manifestKey(table, version));
}

async function queryRows(ports: CuratedPorts, manifest: CuratedManifest, plan: FeaturePlan): Promise<FeatureRow[]> {
  const targets = plan.targets.map(({ column }) => column);
  const names = [...new Set([...inputColumns(plan).map(({ name }) => name), ...targets])];
  const rows = await withCurated(ports, manifest, async (connection, relation) => {
    const reader = await connection.runAndReadAll(
      `select ${names.join(', ')} from ${relation}
       where ${targets.map((name) => `${name} is not null`).join(' and ')} order by ${plan.dataset.key.join(', ')}`,
    );
    return reader.getRows().map((row) => Object.fromEntries(names.map((name, place) => [name, row[place]])));
  });
  return rows ?? [];
}
