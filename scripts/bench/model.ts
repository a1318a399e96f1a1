/** Training with tuning, and our walk of its trees beside the library's own, on the same generated rows. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { featuresFor } from '../../core/features/feature-plan.ts';
import { all, fill, learn, readColumns } from '../../core/features/frame.ts';
import { frameParquet } from '../../core/features/frame-parquet.ts';
import { ALL_ROWS, labelsOf, trainingFiles } from '../../core/features/training-files.ts';
import { margins, parseForest } from '../../core/model/forest.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { runTraining, writeTrainingFile } from '../../local/model/run-training.ts';
import { ensurePython } from '../../local/python.ts';
import { bookingRows } from '../../test/model/booking-rows.ts';
import { type Figure, inTurn } from './figure.ts';

const TRAINED = 40_000;
const SCORED = 100_000;
const ROUNDS = 3;
const TARGET = 'booking_complete';
const EXPLAIN = fileURLToPath(new URL('../../ml/explain.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'laketwin-bench-'));

try {
  console.log(JSON.stringify(await measure()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<Figure[]> {
  const python = ensurePython('ml/requirements.txt');
  const training = { channel: join(folder, 'channel'), output: join(folder, 'model') };
  const rows = bookingRows(TRAINED, 1);
  const started = performance.now();
  for (const file of trainingFiles(bookingFeatures, rows)) await writeTrainingFile(training.channel, file);
  const prepared = performance.now();
  await runTraining(training, 1, 'full');
  const seconds = (performance.now() - started) / 1000;

  const columns = readColumns(featuresFor(bookingFeatures, TARGET), rows);
  const fitted = learn(columns, labelsOf(rows, TARGET), all(TRAINED));
  const scored = readColumns(columns.features, bookingRows(SCORED, 2));
  const model = join(training.output, TARGET, `${ALL_ROWS}.model.json`);
  const forest = parseForest(JSON.parse(readFileSync(model, 'utf8')));
  const frame = fill(scored, fitted, all(SCORED));
  const ours = await inTurn(ROUNDS, { trees: () => margins(forest, frame.data) });
  const [frameFile, out] = [join(folder, 'frame.parquet'), join(folder, 'said.json')];
  writeFileSync(frameFile, frameParquet(frame, {}));
  execFileSync(python, [EXPLAIN, '--model', model, '--frame', frameFile, '--out', out]);
  const library = (JSON.parse(readFileSync(out, 'utf8')) as { readonly rows_per_second: number }).rows_per_second;
  const perSecond = SCORED / ours.trees;
  const trees = `${forest.depths.length} trees, ${SCORED.toLocaleString('en')} rows, one core`;
  return [
    {
      name: 'model: training',
      measured: seconds,
      unit: 's',
      target: { atMost: 180 },
      detail: `four models of ${TRAINED.toLocaleString('en')} rows, tuned; ${((prepared - started) / 1000).toFixed(1)} s of it features`,
    },
    { name: 'model: scorer', measured: perSecond, unit: 'rows/s', target: { atLeast: 200_000 }, detail: trees },
    {
      name: 'model: scorer to library',
      measured: library / perSecond,
      unit: '×',
      target: { atMost: 2 },
      detail: `CPU time; the library scores ${Math.round(library).toLocaleString('en')} rows/s`,
    },
  ];
}
