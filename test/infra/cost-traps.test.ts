/** Each trap of the bill, against figures worked out by hand; prices of us-east-1, no free tier. */
import { describe, expect, test } from 'vitest';
import type { Volumes } from '../../proof/cost/volumes.ts';
import { bucket, lineOf, priced, resource, STREAM, streamWith, volumesWith } from './cost-lake.ts';

/** 1,048,576 rows of 1,024 bytes in 30 days: 1 GB, all of it streamed. */
const GB_OF_ROWS: Partial<Volumes> = { rowsPerDay: 1_048_576, bytesPerRow: 1024, streamShare: 1, filesPerDay: 0 };

describe('Firehose bills records in steps of 5 KB', () => {
  test('a row of 1 KB alone is billed as 5 KB: 30 GB of rows as 150 GB', () => {
    const line = lineOf(priced({ Stream: STREAM }, { ...GB_OF_ROWS, rowsPerRecord: 1 }), 'Firehose', 'ingestion');
    expect(line.quantity).toBeCloseTo(150, 6);
    expect(line.monthlyUSD).toBeCloseTo(4.35, 6); // 150 × 0.029
  });

  test('five rows to a record are billed as they are, and the line says what packing saves', () => {
    const line = lineOf(priced({ Stream: STREAM }, { ...GB_OF_ROWS, rowsPerRecord: 5 }), 'Firehose', 'ingestion');
    expect(line.quantity).toBeCloseTo(30, 3);
    expect(line.trap).toContain('30 GB of rows are billed as 30 GB packed, and would be as 150 GB');
  });

  test('conversion to Parquet is a fee of its own on the same steps', () => {
    const line = lineOf(priced({ Stream: STREAM }, { ...GB_OF_ROWS, rowsPerRecord: 1 }), 'Firehose', 'conversion');
    expect(line.monthlyUSD).toBeCloseTo(2.7, 6); // 150 × 0.018
  });

  test('dynamic partitioning costs only where it is used', () => {
    const used = streamWith({ DynamicPartitioningConfiguration: { Enabled: true } });
    expect(lineOf(priced({ Stream: STREAM }, GB_OF_ROWS), 'Firehose', 'dynamic').monthlyUSD).toBe(0);
    const result = priced({ Stream: used }, GB_OF_ROWS);
    expect(lineOf(result, 'Firehose', 'dynamic').monthlyUSD).toBeCloseTo(0.6, 6); // 30 GB × 0.02
    expect(lineOf(result, 'Firehose', 'partitioned objects').quantity).toBeCloseTo(8.64, 6); // every 300 s
  });
});

describe('KMS charges keys, their first two rotations, and requests', () => {
  const key = (days?: number) =>
    resource('AWS::KMS::Key', {
      EnableKeyRotation: true,
      ...(days === undefined ? {} : { RotationPeriodInDays: days }),
    });

  test.each([
    [2, 0],
    [3, 1],
    [6, 2],
    [60, 2],
  ])('a key that rotates every 90 days has in month %i %i versions to pay', (ageMonths, versions) => {
    expect(lineOf(priced({ Key: key(90) }, { ageMonths }), 'KMS', 'rotated').monthlyUSD).toBe(versions);
  });

  test('a key that says no period rotates once a year, and one that does not rotate costs its dollar', () => {
    const result = priced({ Yearly: key(), Never: resource('AWS::KMS::Key') }, { ageMonths: 13 });
    expect(lineOf(result, 'KMS', 'keys').monthlyUSD).toBe(2);
    expect(lineOf(result, 'KMS', 'rotated').monthlyUSD).toBe(1);
  });

  test('a bucket key takes off 99 % of the requests, and a bucket without one is named', () => {
    const files: Partial<Volumes> = { ...GB_OF_ROWS, streamShare: 0, filesPerDay: 100_000 };
    const without = lineOf(priced({ Key: key(), Raw: bucket(false) }, files), 'KMS', 'requests for Raw');
    const having = lineOf(priced({ Key: key(), Raw: bucket(true) }, files), 'KMS', 'requests for Raw');
    expect(without.monthlyUSD).toBeCloseTo(18, 6); // 3,000,000 writes and as many reads × 0.03 / 10,000
    expect(without.trap).toContain('no bucket key');
    expect(having.monthlyUSD).toBeCloseTo(0.18, 6);
    expect(having.trap).toBeUndefined();
  });
});

describe('Glue charges crawlers and jobs by DPU and time', () => {
  const crawler = (ScheduleExpression?: string) =>
    resource('AWS::Glue::Crawler', ScheduleExpression === undefined ? {} : { Schedule: { ScheduleExpression } });

  test('a crawler of two minutes a day is charged ten minutes of two DPU: 4.40 $', () => {
    const line = lineOf(priced({ Crawler: crawler('cron(30 3 * * ? *)') }, { crawlerMinutes: 2 }), 'Glue', 'crawler');
    expect(line.monthlyUSD).toBeCloseTo(4.4, 9);
    expect(line.trap).toContain('charged as 10');
  });

  test.each([
    ['cron(0 * * * ? *)', 720],
    ['cron(0/15 8-17 ? * MON-FRI *)', 857.142857],
    ['cron(0 6,18 1 * ? *)', 2],
    ['rate(2 hours)', 360],
  ])('%s runs %f times a month', (schedule, runs) => {
    const line = lineOf(priced({ Crawler: crawler(schedule) }, { crawlerMinutes: 30 }), 'Glue', 'crawler');
    expect(line.quantity).toBeCloseTo(runs, 5); // half an hour of two DPU
  });

  test('a crawler without a schedule costs nothing and says why', () => {
    const line = lineOf(priced({ Crawler: crawler() }), 'Glue', 'crawler');
    expect(line.monthlyUSD).toBe(0);
    expect(line.formula).toContain('no schedule');
  });

  test('a job is charged a minute at least, for all its workers, or for those in use where it scales', () => {
    const job = (more: object) => resource('AWS::Glue::Job', { WorkerType: 'G.2X', NumberOfWorkers: 10, ...more });
    const jobs = { '*': { runsPerMonth: 60, minutesPerRun: 0.2, workers: 3 } };
    expect(lineOf(priced({ Job: job({}) }, { jobs }), 'Glue', 'job').quantity).toBeCloseTo(20, 9); // 60 × 1/60 × 20
    const scales = job({ DefaultArguments: { '--enable-auto-scaling': 'true' } });
    expect(lineOf(priced({ Job: scales }, { jobs }), 'Glue', 'job').quantity).toBeCloseTo(6, 9);
    const flex = lineOf(priced({ Job: job({ ExecutionClass: 'FLEX' }) }, { jobs }), 'Glue', 'job');
    expect(flex.monthlyUSD).toBeCloseTo(5.8, 9); // 20 × 0.29
  });
});

describe('Athena charges what is scanned', () => {
  const group = resource('AWS::Athena::WorkGroup', {
    Name: 'analysts',
    WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 100 * 2 ** 20 },
  });
  const asked = (scannedMiB: number) => ({ queries: { analysts: { perDay: 1000, scannedMiB, filesRead: 1 } } });

  test.each([
    [1, 10],
    [10, 10],
    [50.2, 51],
    [5000, 100],
  ])('a query of %f MB is charged as %i: no less than 10, whole MB, and no more than the limit', (scanned, charged) => {
    const line = lineOf(priced({ Group: group }, asked(scanned)), 'Athena', 'queries');
    expect(line.monthlyUSD).toBeCloseTo((30_000 * charged * 5) / 2 ** 20, 9);
  });

  test('fails on queries of a workgroup that is not there, and names those that are', () => {
    const queries = { nobody: { perDay: 1, scannedMiB: 1, filesRead: 1 } };
    expect(() => priced({ Group: group }, { queries })).toThrow(/'nobody'.*Group/);
  });
});

describe('QuickSight charges seats and account fees', () => {
  const people = { ...volumesWith().people, editors: 2, readers: 1, spiceGB: 25 };
  const dashboard = resource('AWS::QuickSight::Dashboard');

  test('two editors and a reader are 51 $, and SPICE beyond 10 GB an editor 0.38 $ a GB', () => {
    const result = priced({ Dashboard: dashboard }, { people });
    expect(
      lineOf(result, 'QuickSight', 'editors').monthlyUSD + lineOf(result, 'QuickSight', 'readers').monthlyUSD,
    ).toBe(51);
    expect(lineOf(result, 'QuickSight', 'SPICE').monthlyUSD).toBeCloseTo(1.9, 9);
  });

  test.each([
    ['one pro reader', { people: { ...people, proReaders: 1 } }, {}, 'infrastructure fee', 250],
    ['one topic', { people }, { Topic: resource('AWS::QuickSight::Topic') }, 'infrastructure fee', 250],
    ['a pixel-perfect report', { people: { ...people, pixelPerfectReports: true } }, {}, 'pixel-perfect reports', 500],
  ])('%s switches on a fee of the account', (_, changes, more, item, usd) => {
    expect(lineOf(priced({ Dashboard: dashboard }, { people }), 'QuickSight', item).monthlyUSD).toBe(0);
    expect(lineOf(priced({ Dashboard: dashboard, ...more }, changes), 'QuickSight', item).monthlyUSD).toBe(usd);
  });

  test('where nothing is synthesised, nobody is charged a seat, and the line says so', () => {
    const line = lineOf(priced({}, { people }), 'QuickSight', 'seats');
    expect(line.monthlyUSD).toBe(0);
    expect(line.formula).toContain('nothing of QuickSight is synthesised');
  });
});

describe('SageMaker', () => {
  const variants = [{ InstanceType: 'ml.m5.large', InitialInstanceCount: 2 }];

  test('an endpoint is charged for each hour and instance', () => {
    const result = priced({ Config: resource('AWS::SageMaker::EndpointConfig', { ProductionVariants: variants }) });
    expect(lineOf(result, 'SageMaker', 'endpoint').monthlyUSD).toBeCloseTo(165.6, 9); // 2 × 720 × 0.115
  });

  test('fails on an instance without a price, and names those with one', () => {
    const unknown = [{ InstanceType: 'ml.p9.huge', InitialInstanceCount: 1 }];
    const config = resource('AWS::SageMaker::EndpointConfig', { ProductionVariants: unknown });
    expect(() => priced({ Config: config })).toThrow(/sagemaker\.ml\.p9\.huge.*sagemaker\.ml\.m5\.large/);
  });
});

describe('Lambda', () => {
  const call = { lambda: { secondsPerCall: 2, secondsPerMiB: 0 }, curation: { runsPerDay: 100, filesPerRun: 1 } };

  test('a function is charged by call, memory and the disk above 512 MB', () => {
    const big = resource('AWS::Lambda::Function', { MemorySize: 2048, EphemeralStorage: { Size: 1536 } });
    const result = priced({ Big: big }, call); // 3,000 calls of 2 s
    expect(lineOf(result, 'Lambda', 'calls').monthlyUSD).toBeCloseTo(0.0006, 9);
    expect(lineOf(result, 'Lambda', 'duration').quantity).toBeCloseTo(12_000, 9);
    expect(lineOf(result, 'Lambda', 'disk').quantity).toBeCloseTo(6_000, 9);
  });

  test('the free tier is taken off once in an account, and not for each function', () => {
    const one = resource('AWS::Lambda::Function', { MemorySize: 1024 });
    const calls = { ...call, lambda: { secondsPerCall: 100, secondsPerMiB: 0 }, freeTier: 'always' as const };
    const { lines } = priced({ First: one, Second: one }, calls); // 300,000 GB-seconds each, 400,000 free
    const paid = lines
      .filter(({ item }) => item.startsWith('duration'))
      .reduce((sum, { monthlyUSD }) => sum + monthlyUSD, 0);
    expect(paid).toBeCloseTo(200_000 * 0.0000166667, 9);
  });
});

describe('buckets', () => {
  const rules = [
    { Status: 'Enabled', ExpirationInDays: 90, Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 30 }] },
    { Status: 'Disabled', ExpirationInDays: 3650 },
  ];
  const raw = bucket(true, { LifecycleConfiguration: { Rules: rules } });
  const files: Partial<Volumes> = { ...GB_OF_ROWS, streamShare: 0, filesPerDay: 1000, ageMonths: 12 };

  test('keep what their enabled rules keep, in the class of its age', () => {
    const result = priced({ Raw: raw }, files); // 30 GB a month
    const [standard, cold] = result.lines.filter(({ item }) => item.startsWith('storage Raw'));
    expect([standard?.quantity, cold?.quantity]).toEqual([30, 60]);
    expect(cold?.monthlyUSD).toBeCloseTo(0.216, 9); // 60 × 0.0036
  });

  test('charge a transition for each object', () => {
    expect(lineOf(priced({ Raw: raw }, files), 'S3', 'transitions').monthlyUSD).toBeCloseTo(0.3, 9); // 30,000
  });

  test('charge a write for each small file, and name it', () => {
    const many = lineOf(priced({ Raw: raw }, { ...files, filesPerDay: 100_000 }), 'S3', 'writes Raw');
    expect(many.monthlyUSD).toBeCloseTo(15, 9); // 3,000,000 × 0.005 / 1000
    expect(many.trap).toContain('small objects');
  });
});

test('CloudTrail charges each read and write of the buckets that it watches', () => {
  const Values = [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Raw', 'Arn'] }, '/']] }];
  const trail = resource('AWS::CloudTrail::Trail', { EventSelectors: [{ DataResources: [{ Values }] }] });
  const files: Partial<Volumes> = { ...GB_OF_ROWS, streamShare: 0, filesPerDay: 100_000 };
  const line = lineOf(
    priced({ Raw: bucket(true), Curated: bucket(true), Trail: trail }, files),
    'CloudTrail',
    'data events',
  );
  expect(line.monthlyUSD).toBeCloseTo(6, 9); // 3,000,000 writes and as many reads × 0.10 / 100,000
});

test('an alarm over two metrics is charged as two, dashboards and metric filters each', () => {
  const stat = { MetricStat: {} };
  const result = priced({
    Alarm: resource('AWS::CloudWatch::Alarm', { Metrics: [stat, stat, { Expression: 'a / b' }] }),
    Plain: resource('AWS::CloudWatch::Alarm', { MetricName: 'Errors' }),
    Board: resource('AWS::CloudWatch::Dashboard'),
    Filter: resource('AWS::Logs::MetricFilter'),
  });
  expect(lineOf(result, 'CloudWatch', 'alarms').monthlyUSD).toBeCloseTo(0.3, 9);
  expect(lineOf(result, 'CloudWatch', 'dashboards').monthlyUSD).toBe(3);
  expect(lineOf(result, 'CloudWatch', 'custom metrics').monthlyUSD).toBeCloseTo(0.3, 9);
});

test('a queue that a function reads is asked 648,000 times a month, also where it is empty', () => {
  const mapping = { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Function' } };
  const result = priced({
    Queue: resource('AWS::SQS::Queue'),
    Mapping: resource('AWS::Lambda::EventSourceMapping', mapping),
  });
  expect(lineOf(result, 'SQS', 'requests').monthlyUSD).toBeCloseTo(0.2592, 9);
});

test('a state machine is charged each state of each run that its schedules start', () => {
  const states = { A: { Type: 'Task' }, B: { Type: 'Choice' }, C: { Type: 'Succeed' } };
  const schedule = { ScheduleExpression: 'rate(1 hour)', Target: { Arn: { 'Fn::GetAtt': ['Machine', 'Arn'] } } };
  const result = priced({
    Machine: resource('AWS::StepFunctions::StateMachine', { DefinitionString: JSON.stringify({ States: states }) }),
    Schedule: resource('AWS::Scheduler::Schedule', schedule),
  });
  expect(lineOf(result, 'Step Functions', 'transitions').quantity).toBeCloseTo(2.16, 9); // 720 × 3 / 1000
});

test('a type that the model knows no price for is listed by name', () => {
  expect(priced({ Db: resource('AWS::RDS::DBInstance'), Role: resource('AWS::IAM::Role') }).unpriced).toEqual([
    { type: 'AWS::RDS::DBInstance', resources: ['Test-Lake/Db'] },
  ]);
});
