/** A champion of one tree that knows the categories of its rows, and how well it foretold them: no Python, no minutes. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { all, learn, readColumns } from '../../core/features/frame.ts';
import { encodingsJson, labelsOf } from '../../core/features/training-files.ts';
import type { Bundle } from '../../core/model/bundle.ts';
import { openBundle } from '../../core/model/bundle.ts';
import { calibrationTable, metricsOf } from '../../core/model/metrics.ts';
import { scoreRows } from '../../core/model/score-rows.ts';
import { VERSION_SCHEMA } from '../../core/model/version.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { bookingRows } from './booking-rows.ts';
import { FEATURES, TARGET, tinyBundle } from './tiny-model.ts';

export const JUDGED = 'v0001-0000abcd';
const WITNESSES = 1000;

/** Publishes it in the registry of a lake, as if made of `count` generated bookings. */
export async function publishJudged(lake: string, createdAt: string, count: number, changes: Partial<Bundle> = {}) {
  const rows = bookingRows(count, 1);
  const labels = labelsOf(rows, TARGET);
  const encodings = encodingsJson(learn(readColumns(FEATURES, rows), labels, all(count)));
  const right: Bundle = { ...tinyBundle(), encodings };
  const { probabilities } = scoreRows(openBundle(bookingFeatures, JSON.stringify(right)), bookingFeatures, rows);
  const witness = { rows: rows.slice(0, WITNESSES), probabilities: Array.from(probabilities.slice(0, WITNESSES)) };
  const files = {
    [`${TARGET}.json`]: JSON.stringify({ ...right, ...changes }),
    [`${TARGET}.witness.json`]: JSON.stringify(witness),
  };
  const evaluation = {
    metrics: metricsOf(labels, probabilities),
    calibration: calibrationTable(labels, probabilities),
  };
  const record = {
    schema: VERSION_SCHEMA,
    version: JUDGED,
    dataset: 'bookings',
    createdAt,
    data: { fingerprint: 'f', rows: count },
    targets: { [TARGET]: { evaluation } },
    files: Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]),
    ),
  };
  const registry = join(lake, 'models', 'bookings');
  const folder = join(registry, 'live', JUDGED);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries({ ...files, 'version.json': JSON.stringify(record) }))
    await writeFile(join(folder, name), text);
  await writeFile(join(registry, 'champion.json'), JSON.stringify({ version: JUDGED, since: createdAt }));
  return folder;
}
