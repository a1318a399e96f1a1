/** The trees as XGBoost walks them, and as we do. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FeaturePlan, type FeatureRow, featuresFor } from '../../core/features/feature-plan.ts';
import { all, frameOf } from '../../core/features/frame.ts';
import { frameParquet } from '../../core/features/frame-parquet.ts';
import { ALL_ROWS, type EncodingsJson, encodingsOf, trainingFiles } from '../../core/features/training-files.ts';
import { margins, parseForest } from '../../core/model/forest.ts';
import { calibrated } from '../../core/model/score-rows.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { runTraining, writeTrainingFile } from '../../local/model/run-training.ts';
import { ensurePython } from '../../local/python.ts';
import { bookingRows } from './booking-rows.ts';

const EXPLAIN = fileURLToPath(new URL('../../ml/explain.py', import.meta.url));
const ROWS = 100_000;
const TARGET = 'booking_complete';
const plan: FeaturePlan = { ...bookingFeatures, targets: bookingFeatures.targets.slice(0, 1) };
const features = featuresFor(plan, TARGET);
const folder = mkdtempSync(join(tmpdir(), 'laketwin-agreement-'));

beforeAll(async () => {
  await train('first');
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('100,000 generated rows, with unseen categories and nulls', () => {
  test('have the probability of the library to 1e-6, and its SHAP values add up to our margin', () => {
    const rows = bookingRows(ROWS, 77).map(strange);
    const encodings = encodingsOf(
      JSON.parse(read('first/channel', TARGET, ALL_ROWS, 'encodings.json')) as EncodingsJson,
    );
    const frame = frameOf(features, rows, encodings);
    const marks = { row: all(ROWS), fold: new Int32Array(ROWS), label: new Int32Array(ROWS) };
    writeFileSync(join(folder, 'frame.parquet'), frameParquet(frame, marks));
    const library = explain(join(folder, 'first/model', TARGET, `${ALL_ROWS}.model.json`));
    const ours = margins(parseForest(JSON.parse(read('first/model', TARGET, `${ALL_ROWS}.model.json`))), frame.data);
    const probabilities = calibrated(ours, { intercept: 0, slope: 1 });
    expect(frame.data.some(Number.isNaN)).toBe(true);
    expect(probabilities.length).toBe(library.probability.length);
    const off = probabilities.map((probability, row) =>
      Math.abs(probability - (library.probability[row] ?? Number.NaN)),
    );
    expect(off.reduce((most, it) => (it <= most ? most : it), 0)).toBeLessThan(1e-6);
    const told = library.contributions.map((own) => own.reduce((sum, it) => sum + it, library.base));
    const apart = told.map((sum, row) => Math.abs(sum - (ours[row] ?? Number.NaN)));
    expect(apart.reduce((most, it) => (it <= most ? most : it), 0)).toBeLessThan(1e-3);
  }, 300_000);
});

test('training again gives the same bytes', async () => {
  await train('second');
  for (const file of ['predictions.json', `${ALL_ROWS}.model.json`, 'fold-0.model.json', 'training.json']) {
    expect(read('second/model', TARGET, file)).toBe(read('first/model', TARGET, file));
  }
}, 600_000);

async function train(name: string): Promise<void> {
  const training = { channel: join(folder, name, 'channel'), output: join(folder, name, 'model') };
  for (const file of trainingFiles(plan, bookingRows(4000, 7))) await writeTrainingFile(training.channel, file);
  await runTraining(training, 1, 'reduced');
}

/** One row in five lacks something that was known, or has a category that was never seen. */
function strange(row: FeatureRow, place: number): FeatureRow {
  const names = Object.keys(row);
  if (place % 10 === 3) return { ...row, [names[((place / 10) % names.length) | 0] ?? '']: null };
  if (place % 10 === 7)
    return { ...row, booking_origin: `Atlantis ${place}`, ...(place % 20 === 7 ? { route: 'QQQZZZ' } : {}) };
  return row;
}

interface Said {
  readonly probability: readonly number[];
  readonly contributions: readonly (readonly number[])[];
  readonly base: number;
}

function explain(model: string): Said {
  const out = join(folder, 'said.json');
  const given = ['--model', model, '--frame', join(folder, 'frame.parquet'), '--out', out, '--contributions', '2000'];
  execFileSync(ensurePython('ml/requirements.txt'), [EXPLAIN, ...given]);
  return JSON.parse(readFileSync(out, 'utf8')) as Said;
}

function read(...parts: readonly string[]): string {
  return readFileSync(join(folder, ...parts), 'utf8');
}
