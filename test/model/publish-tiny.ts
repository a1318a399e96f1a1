import type { FeatureRow } from '../../core/features/feature-plan.ts';
import { openBundle } from '../../core/model/bundle.ts';
import { scoreRows } from '../../core/model/score-rows.ts';
import { VERSION_SCHEMA, type Version, type Witness } from '../../core/model/version.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import type { Registry } from '../../local/model/registry.ts';
import { TARGET, tinyBundle } from './tiny-model.ts';

const NOW = new Date('2026-05-01T10:00:00Z');

/** Publishes a tiny model; its witness is off by so much. */
export async function publishTiny(
  registry: Registry,
  rows: readonly FeatureRow[],
  leaf: number,
  off = 0,
): Promise<string> {
  const bundle = JSON.stringify(tinyBundle(leaf));
  const { probabilities } = scoreRows(openBundle(bookingFeatures, bundle), bookingFeatures, rows);
  const witness: Witness = { rows, probabilities: Array.from(probabilities, (it) => it + off) };
  const describe = (version: string, files: Version['files']): Version => ({
    schema: VERSION_SCHEMA,
    version,
    dataset: 'bookings',
    createdAt: NOW.toISOString(),
    data: { fingerprint: 'f', rows: rows.length },
    xgboost: '0',
    seed: 1,
    budget: 'reduced',
    targets: { [TARGET]: {} as Version['targets'][string] },
    files,
  });
  const files = { [`${TARGET}.json`]: bundle, [`${TARGET}.witness.json`]: JSON.stringify(witness) };
  const record = await registry.draft(files, describe);
  await registry.publish(record, files, NOW);
  return record.version;
}
