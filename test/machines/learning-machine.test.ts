import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeModelPackageCommand, ListModelPackagesCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inputColumns } from '../../core/features/feature-plan.ts';
import { frameOf } from '../../core/features/frame.ts';
import { frameCsv } from '../../core/features/frame-parquet.ts';
import type { TrainingFile } from '../../core/features/training-files.ts';
import type { OpenVersion } from '../../core/model/open-version.ts';
import { scoreRows } from '../../core/model/score-rows.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { prepareFeatures } from '../../lambdas/prepare-features/prepare-features.ts';
import { modelRegistry } from '../../lambdas/shared/model-bucket.ts';
import { S3ObjectStore } from '../../lambdas/shared/s3-store.ts';
import { zoneBuckets } from '../../lambdas/shared/zone-buckets.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { withEngine } from '../../local/with-engine.ts';
import { aBooking, takeIn } from '../engines/bookings-lake.ts';
import { bookingRows } from '../model/booking-rows.ts';
import { type Moto, startMoto } from '../moto.ts';
import {
  bytesOf,
  CURATED,
  definition,
  GROUP,
  keysUnder,
  type LearningMachine,
  learningMachineOver,
  put,
  serve,
} from './learning-parts.ts';
import { runMachine } from './local-machine.ts';

const LONG = 300_000;
const ROWS = 2000;
/** Of these, so many stand there twice. */
const REPEATS = 100;
const TARGET = 'booking_complete';
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-learning-'));
let moto: Moto;
let lake: FileStore;
let machine: LearningMachine;
/** What the first run knew at its end. */
let first: Ended;

interface Ended {
  readonly name: { readonly of: string };
  readonly prepared: { readonly prefix: string };
  readonly trained: { readonly artifacts: string };
  readonly judged: { readonly version: string; readonly metadata: Readonly<Record<string, string>> };
  readonly registered: { readonly ModelPackageArn: string };
  readonly scored: { readonly scored: number };
}

beforeAll(async () => {
  moto = await startMoto();
  lake = await openFileStore(join(scratch, 'lake'));
  const rows = withRepeats(bookingRows(ROWS - REPEATS, 5)).map(({ booking_id: _, ...row }) =>
    aBooking({ ...row, customer_id: null, event_time: null }),
  );
  await takeIn(lake, { name: 'made.csv', bookings: rows });
  machine = await learningMachineOver(moto, lake, scratch);
  first = (await runMachine(definition, machine.handlers, 'run-1')) as Ended;
}, LONG);
afterAll(() => {
  moto.stop();
  rmSync(scratch, { recursive: true, force: true });
});

test('a run trains, judges, registers, scores all bookings and publishes', async () => {
  expect(machine.alerts).toEqual([]);
  const { version, metadata } = first.judged;
  expect((await registry().champion())?.version).toBe(version);
  expect(await registry().checkWitness(version)).toBeLessThan(1e-6);
  expect(first.scored).toMatchObject({ version, scored: ROWS, modelAlarms: 0 });
  expect(await packageOf(first)).toMatchObject({
    ModelApprovalStatus: 'Approved',
    ModelPackageDescription: version,
  });
  expect(machine.registered.map((it) => it.CustomerMetadataProperties)).toEqual([metadata]);
  expect(metadata).toMatchObject({ version, rows: String(ROWS), fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('the features are byte for byte those of the laptop', async () => {
  const made: TrainingFile[] = [];
  const keep = async (file: TrainingFile) => void made.push(file);
  await prepareFeatures({ store: lake, scratch, put: keep }, bookingFeatures);
  const { prefix } = first.prepared;
  expect(await keysUnder(moto, prefix)).toEqual(made.map(({ name }) => `${prefix}${name}`).sort());
  for (const { name, body } of made) {
    expect(Buffer.from(await bytesOf(moto, `${prefix}${name}`)).equals(Buffer.from(body)), name).toBe(true);
  }
});

test("the CSV has no header and the label first, as SageMaker's XGBoost wants it, and the numbers of the Parquet", async () => {
  const text = Buffer.from(await bytesOf(moto, `${first.prepared.prefix}${TARGET}/all/train.csv`)).toString();
  const cells = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell))));
  const frame = await frameRows(`${TARGET}/all/train.parquet`);
  expect(cells).toEqual(frame.map(({ row: _, fold: __, label, ...features }) => [label, ...Object.values(features)]));
});

test('bookings with equal features stand on one side of every split', async () => {
  const rows = (await openRows()).map((row) =>
    JSON.stringify(inputColumns(bookingFeatures).map(({ name }) => row[name])),
  );
  expect(new Set(rows).size).toBeLessThanOrEqual(ROWS - REPEATS);
  for (const fold of [0, 1, 2, 3, 4]) {
    const [train, test] = await Promise.all(
      ['train', 'test'].map((side) => frameRows(`${TARGET}/fold-${fold}/${side}.parquet`)),
    );
    const learnt = new Set(train?.map(({ row }) => rows[row ?? -1]));
    expect(test?.filter(({ row }) => learnt.has(rows[row ?? -1]))).toEqual([]);
    expect(Number(train?.length) + Number(test?.length)).toBe(ROWS);
  }
});

test(
  'what was packed serves in the layout of a container, to the probabilities of the scorer',
  async () => {
    const { models } = await champion();
    const model = models.get(TARGET);
    if (model === undefined) throw new Error(`the champion has no model of ${TARGET}`);
    const rows = (await openRows()).slice(0, 300);
    const frame = frameOf(model.features, rows, model.encodings);
    const body = frameCsv(frame, new Int32Array(rows.length)).replaceAll(/^0,/gm, '');
    const { InferenceSpecification } = await packageOf(first);
    const [container] = InferenceSpecification?.Containers ?? [];
    if (container === undefined) throw new Error('the model package names no container');
    const served = await serve(moto, join(scratch, 'serving'), container, body);
    const { probabilities } = scoreRows(model, bookingFeatures, rows);
    expect(served).toHaveLength(rows.length);
    expect(Math.max(...served.map((it, row) => Math.abs(it - (probabilities[row] ?? Number.NaN))))).toBeLessThan(1e-6);
  },
  LONG,
);

test(
  'fails with an alert where a feature is the target in disguise, and the champion stays',
  async () => {
    const Prepare = async (input: { readonly run: string }) => {
      const prepared = await machine.handlers.Prepare?.(input as never);
      for (const side of ['train', 'test']) {
        const key = `features/bookings/${input.run}/${TARGET}/fold-0/${side}.parquet`;
        await put(moto, CURATED, key, await disguised(key));
      }
      return prepared;
    };
    await expect(runMachine(definition, { ...machine.handlers, Prepare }, 'run-2')).rejects.toThrow(/GateRefused|leak/);
    expect(machine.alerts).toEqual([
      expect.stringMatching(
        /run-2 .*leak-target-in-disguise: the feature purchase_lead alone has a ROC AUC of 1\.0000/,
      ),
    ]);
    expect(await championAndPackages()).toEqual([first.judged.version, 1]);
  },
  LONG,
);

test(
  'fails with an alert where the candidate is no better than the champion, which stays',
  async () => {
    machine.alerts.length = 0;
    // The same rows and seed give the same model, so that it need not be trained again.
    const Train = () => ({ ModelArtifacts: { S3ModelArtifacts: first.trained.artifacts } });
    await expect(runMachine(definition, { ...machine.handlers, Train }, 'run-3')).rejects.toThrow();
    expect(machine.alerts).toEqual([
      expect.stringMatching(/run-3 .*no-better-than-champion: the log loss is 0\.\d{4}/),
    ]);
    expect(await championAndPackages()).toEqual([first.judged.version, 1]);
  },
  LONG,
);

test(
  'fails with an alert where the archive is damaged, and where SageMaker fails',
  async () => {
    machine.alerts.length = 0;
    await put(
      moto,
      CURATED,
      'trainings/bookings/torn/output/model.tar.gz',
      (await bytesOf(moto, artifactsKey())).slice(0, 5000),
    );
    const Train = () => ({
      ModelArtifacts: { S3ModelArtifacts: `s3://${CURATED}/trainings/bookings/torn/output/model.tar.gz` },
    });
    await expect(runMachine(definition, { ...machine.handlers, Train }, 'run-4')).rejects.toThrow();
    const failing = () => {
      throw new Error('AlgorithmError: the script ended with 1');
    };
    await expect(runMachine(definition, { ...machine.handlers, Train: failing }, 'run-5')).rejects.toThrow();
    expect(machine.alerts).toEqual([
      expect.stringMatching(/run-4 .*cannot be read .unexpected end of file/),
      expect.stringMatching(/run-5 .*the script ended with 1/),
    ]);
    expect(await championAndPackages()).toEqual([first.judged.version, 1]);
  },
  LONG,
);

function withRepeats<T>(rows: readonly T[]): T[] {
  return [...rows, ...rows.slice(0, REPEATS)];
}

function registry() {
  return modelRegistry(new S3ObjectStore(zoneBuckets(), moto.s3), bookingFeatures);
}

function champion(): Promise<OpenVersion> {
  return registry().openChampion();
}

async function championAndPackages() {
  const listed = await machine.sageMaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: GROUP }));
  return [(await registry().champion())?.version, listed.ModelPackageSummaryList?.length];
}

function packageOf({ registered }: Ended) {
  return machine.sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: registered.ModelPackageArn }));
}

function artifactsKey(): string {
  return new URL(first.trained.artifacts).pathname.slice(1);
}

async function openRows() {
  return (await prepareFeatures({ store: lake, scratch, put: async () => {} }, bookingFeatures)).rows;
}

async function frameRows(name: string): Promise<Record<string, number>[]> {
  await lake.put('rejected', name, await bytesOf(moto, `${first.prepared.prefix}${name}`));
  return withEngine(lake, async (connection) => {
    const reader = await connection.runAndReadAll(`select * from read_parquet('${lake.pathOf('rejected', name)}')`);
    return reader.getRowObjects() as Record<string, number>[];
  });
}

/** The frame with the label in the place of a feature. */
async function disguised(key: string): Promise<Uint8Array> {
  await lake.put('rejected', key, await bytesOf(moto, key));
  const path = lake.pathOf('rejected', key);
  await withEngine(lake, async (connection) => {
    await connection.run(
      `copy (select * replace (cast(label as float) as purchase_lead) from read_parquet('${path}')) to '${path}.new' (format parquet)`,
    );
  });
  return readFileSync(`${path}.new`);
}
