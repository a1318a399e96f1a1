/** What the learning machine calls: the real functions over S3 and SageMaker's registry by moto, the real script in a container's layout. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateModelPackageCommand,
  type CreateModelPackageCommandInput,
  CreateModelPackageGroupCommand,
  type ModelPackageContainerDefinition,
  SageMakerClient,
  UpdateModelPackageCommand,
  type UpdateModelPackageCommandInput,
} from '@aws-sdk/client-sagemaker';
import { ZONES } from '../../core/ports.ts';
import { learningMachine } from '../../lib/machines/learning.ts';
import type { FileStore } from '../../local/file-store.ts';
import { ensurePython } from '../../local/python.ts';
import type { Moto } from '../moto.ts';
import type { Handlers } from './local-machine.ts';

const run = promisify(execFile);
const SCRIPTS = fileURLToPath(new URL('../../ml/', import.meta.url));
const SERVER = fileURLToPath(new URL('serve.py', import.meta.url));
export const GROUP = 'laketwin-test-bookings';
const ASSETS = 'laketwin-test-assets';
const FUNCTION = 'arn:aws:lambda:eu-west-3:123456789012:function:one';

export const CURATED = bucketOf('curated');

export const definition = learningMachine({
  dataset: 'bookings',
  functions: { prepare: FUNCTION, judge: FUNCTION, score: FUNCTION, publish: FUNCTION },
  namePrefix: 'laketwin-test',
  image: '123456789012.dkr.ecr.eu-west-3.amazonaws.com/sagemaker-xgboost:3.0-5',
  instanceType: 'ml.m5.large',
  roleArn: 'arn:aws:iam::123456789012:role/training',
  volumeKeyArn: 'arn:aws:kms:eu-west-3:123456789012:key/volumes',
  outputKeyArn: 'arn:aws:kms:eu-west-3:123456789012:key/curated',
  scripts: { train: scriptOf('train.py'), inference: scriptOf('inference.py') },
  seed: 1,
  budget: 'reduced',
  features: `s3://${CURATED}/features/bookings/`,
  trainings: `s3://${CURATED}/trainings/bookings/`,
  packageGroup: GROUP,
  topicArn: 'arn:aws:sns:eu-west-3:123456789012:alerts',
  endpointName: undefined,
});

export interface LearningMachine {
  readonly handlers: Handlers;
  /** Messages of alerts. */
  readonly alerts: string[];
  readonly sageMaker: SageMakerClient;
  /** What was asked of the registry: moto keeps no metadata. */
  readonly registered: CreateModelPackageCommandInput[];
}

/** Makes buckets with the curated zone of `lake` and the scripts, and points the functions' clients at moto. */
export async function learningMachineOver(moto: Moto, lake: FileStore, scratch: string): Promise<LearningMachine> {
  const { s3, settings } = moto;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: settings.endpoint,
    AWS_REGION: settings.region,
    AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: settings.credentials.secretAccessKey,
    ...Object.fromEntries(ZONES.map((zone) => [`${zone.toUpperCase()}_BUCKET`, bucketOf(zone)])),
  });
  const LocationConstraint = 'eu-west-3';
  for (const Bucket of [...ZONES.map(bucketOf), ASSETS]) {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  }
  for (const file of ['train.py', 'inference.py']) await put(moto, ASSETS, file, readFileSync(join(SCRIPTS, file)));
  for await (const { key } of lake.list('curated', '')) {
    await put(moto, CURATED, key, readFileSync(lake.pathOf('curated', key)));
  }
  const sageMaker = new SageMakerClient(settings);
  await sageMaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: GROUP }));
  const [prepare, judge, score, publish] = await Promise.all([
    import('../../lambdas/prepare-features/handler.ts'),
    import('../../lambdas/judge-model/handler.ts'),
    import('../../lambdas/score-bookings/handler.ts'),
    import('../../lambdas/publish-model/handler.ts'),
  ]);
  const alerts: string[] = [];
  const registered: CreateModelPackageCommandInput[] = [];
  const handlers: Handlers = {
    Prepare: prepare.handler,
    Train: (job: TrainingJob) => trainIn(moto, mkdtempSync(join(scratch, 'opt-ml-')), job),
    Evaluate: judge.handler,
    Register: (input: CreateModelPackageCommandInput) => {
      registered.push(input);
      return sageMaker.send(new CreateModelPackageCommand(input));
    },
    Score: score.handler,
    Publish: publish.handler,
    Approve: async (input: UpdateModelPackageCommandInput) => {
      await sageMaker.send(new UpdateModelPackageCommand(input));
      return {};
    },
    Alert: ({ Message }: { Message: string }) => {
      alerts.push(Message);
      return {};
    },
  };
  return { handlers, alerts, sageMaker, registered };
}

interface TrainingJob {
  readonly TrainingJobName: string;
  readonly AlgorithmSpecification: {
    readonly ContainerEntrypoint: readonly string[];
    readonly ContainerArguments: readonly string[];
  };
  readonly InputDataConfig: readonly {
    readonly ChannelName: string;
    readonly DataSource: { readonly S3DataSource: { readonly S3Uri: string } };
  }[];
  readonly OutputDataConfig: { readonly S3OutputPath: string };
}

/** Brings the channels, starts the entry point, packs the model folder: what SageMaker does with a job. */
async function trainIn(moto: Moto, optMl: string, job: TrainingJob) {
  for (const { ChannelName, DataSource } of job.InputDataConfig) {
    await fetchPrefix(moto, DataSource.S3DataSource.S3Uri, join(optMl, 'input/data', ChannelName));
  }
  mkdirSync(join(optMl, 'model'), { recursive: true });
  const inside = (text: string) => text.replace(/^\/opt\/ml(?=\/)/, optMl);
  const { ContainerEntrypoint, ContainerArguments } = job.AlgorithmSpecification;
  const [command = '', ...given] = [...ContainerEntrypoint, ...ContainerArguments].map(inside);
  if (command !== 'python3') throw new Error(`found the entry point ${command}, expected python3`);
  const env = { PATH: process.env.PATH, TRAINING_JOB_NAME: job.TrainingJobName };
  await run(ensurePython('ml/requirements.txt'), given, { env });
  const archive = join(optMl, 'model.tar.gz');
  await run('tar', ['-czf', archive, '-C', join(optMl, 'model'), ...readdirSync(join(optMl, 'model'))]);
  const { bucket, key } = place(`${job.OutputDataConfig.S3OutputPath}${job.TrainingJobName}/output/model.tar.gz`);
  await put(moto, bucket, key, readFileSync(archive));
  return { ModelArtifacts: { S3ModelArtifacts: `s3://${bucket}/${key}` } };
}

async function fetchPrefix(moto: Moto, address: string, folder: string): Promise<void> {
  const { bucket, key: prefix } = place(address);
  for (const key of await keysUnder(moto, prefix, bucket)) {
    const path = join(folder, prefix.endsWith('/') ? key.slice(prefix.length) : basename(key));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await bytesOf(moto, key, bucket));
  }
}

/** Unpacks the archive of a model as SageMaker does before it serves, and answers one request. */
export async function serve(
  moto: Moto,
  folder: string,
  { ModelDataUrl = '', Environment = {} }: ModelPackageContainerDefinition,
  body: string,
): Promise<number[]> {
  const { bucket, key } = place(ModelDataUrl);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.tar.gz`, await bytesOf(moto, key, bucket));
  await run('tar', ['-xzf', `${folder}.tar.gz`, '-C', folder]);
  const env = { PATH: process.env.PATH, ...Environment };
  const serving = run(ensurePython('ml/requirements.txt'), [SERVER, folder], { env });
  serving.child.stdin?.end(body);
  const { stdout } = await serving;
  return stdout.trim().split('\n').map(Number);
}

export async function keysUnder({ s3 }: Moto, prefix: string, bucket = CURATED): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key);
}

export async function bytesOf({ s3 }: Moto, key: string, bucket = CURATED): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (Body === undefined) throw new Error(`${bucket}/${key} is empty`);
  return Body.transformToByteArray();
}

export async function put({ s3 }: Moto, Bucket: string, Key: string, Body: Uint8Array): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}

function place(address: string): { readonly bucket: string; readonly key: string } {
  const { hostname, pathname } = new URL(address);
  return { bucket: hostname, key: pathname.slice(1) };
}

function bucketOf(zone: string): string {
  return `laketwin-test-${zone}`;
}

function scriptOf(file: string) {
  return { address: `s3://${ASSETS}/${file}`, file };
}
