import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ZONES } from '../../core/ports.ts';
import { dashboardSets } from '../../datasets/dashboards.ts';
import { datasets } from '../../datasets/index.ts';
import { proven, whole } from '../../lib/environments.ts';
import { compileDashboard } from '../../lib/quicksight/compile-dashboard.ts';
import { compileSet } from '../../lib/quicksight/compile-set.ts';
import { viewSources } from '../../lib/quicksight/view-sources.ts';
import { ofType, type Placed, synthesise } from './templates.ts';

const stacks = synthesise();
const buckets = ofType(stacks, 'AWS::S3::Bucket');
const keys = ofType(stacks, 'AWS::KMS::Key');
const HOLDING = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SQS::Queue'];

test('every key is renewed every 90 days', () => {
  for (const { Properties } of keys) {
    expect(Properties).toMatchObject({ EnableKeyRotation: true, RotationPeriodInDays: 90, PendingWindowInDays: 30 });
  }
});

test.each(buckets.map((bucket) => [bucket.stack, bucket.id, bucket] as const))(
  'the bucket %s %s is private, encrypted, versioned and logged',
  (_stack, id, { Properties }) => {
    expect(Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(Properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect(Properties.BucketName).toBeUndefined();
    const [{ ServerSideEncryptionByDefault: encryption }] =
      Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    if (id.startsWith('AccessLogs')) expect(encryption.SSEAlgorithm).toBe('AES256');
    else {
      expect(encryption).toMatchObject({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: expect.anything() });
      expect(Properties.LoggingConfiguration.DestinationBucketName).toBeDefined();
    }
  },
);

test('every bucket refuses what does not come by TLS 1.2', () => {
  const policies = ofType(stacks, 'AWS::S3::BucketPolicy');
  for (const { id, stack } of buckets) {
    const policy = policies.find((it) => it.stack === stack && it.Properties.Bucket.Ref === id);
    const denied = policy?.Properties.PolicyDocument.Statement.filter(
      ({ Effect, Action, Principal }: Statement) => Effect === 'Deny' && Action === 's3:*' && isEveryone(Principal),
    ).map(({ Condition }: Statement) => Condition);
    expect(denied).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]);
  }
});

test('the dashboards and analyses of the template are those that the description compiles to', () => {
  const { dashboards } = whole;
  if (dashboards === undefined) throw new Error('the whole environment has no dashboards');
  const sets = ofType(stacks, 'AWS::QuickSight::DataSet');
  const compiled = dashboardSets.map((set) => compileSet(set, viewSources(), datasets, dashboards.language));
  const dataSetArn = (source: string) => `the data set ${source}`;
  const expected = compiled.flatMap((one) =>
    one.set.dashboards.map((dashboard) => compileDashboard({ ...one, dataSetArn }, dashboard)),
  );
  for (const type of ['AWS::QuickSight::Dashboard', 'AWS::QuickSight::Analysis']) {
    const found = ofType(stacks, type).map(({ Properties: { Definition } }) => ({
      ...Definition,
      DataSetIdentifierDeclarations: Definition.DataSetIdentifierDeclarations.map((declared: Declared) => {
        const [id] = declared.DataSetArn['Fn::GetAtt'];
        return { ...declared, DataSetArn: dataSetArn(sets.find((set) => set.id === id)?.Properties.Name) };
      }),
    }));
    expect(found).toEqual(JSON.parse(JSON.stringify(expected)));
  }
});

test('each group may open its dashboards, analysts all of them, and nobody but analysts a data set', () => {
  const groupsOf = ({ Properties }: Placed) =>
    (Properties.Permissions ?? []).map((it: object) => /group\/default\/lake-(\w+)/.exec(JSON.stringify(it))?.[1]);
  const readers = Object.fromEntries(
    ofType(stacks, 'AWS::QuickSight::Dashboard').map((one) => [one.Properties.DashboardId, groupsOf(one)]),
  );
  expect(readers).toEqual({
    'laketwin-whole-marketing': ['analysts', 'marketing'],
    'laketwin-whole-direction': ['analysts', 'direction'],
    'laketwin-whole-operations': ['analysts'],
  });
  const groups = ofType(stacks, 'AWS::QuickSight::DataSet').map(groupsOf);
  expect(new Set(groups.flat())).toEqual(new Set(['analysts']));
  expect(ofType(stacks, 'AWS::QuickSight::Topic')).toEqual([]);
});

describe.each(proven)('in $name', (environment) => {
  const { name, deletionProtection, scanLimitMiB, retention, streaming, streamScoring, endpoint, webhook, reports } =
    environment;
  const own = stacks.filter(({ environment }) => environment === name);
  const find = (type: string, id: string) => ofType(own, type).find((it) => it.id.startsWith(id)) as Placed;
  const rules = (id: string) => find('AWS::S3::Bucket', id).Properties.LifecycleConfiguration.Rules as Rule[];

  test('each zone has a key of its own', () => {
    const ofZones = ZONES.map((zone) => {
      const { Properties } = find('AWS::S3::Bucket', zone.slice(0, 1).toUpperCase() + zone.slice(1));
      const [rule] = Properties.BucketEncryption.ServerSideEncryptionConfiguration;
      return rule.ServerSideEncryptionByDefault.KMSMasterKeyID['Fn::GetAtt'][0];
    });
    expect(new Set(ofZones).size).toBe(ZONES.length);
  });

  /** Days after which objects leave, by prefix. */
  const days = (id: string) =>
    rules(id)
      .filter(({ Prefix }) => Prefix !== undefined)
      .map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays]);

  test('rows leave when their contract says so, and the ledger stays', () => {
    expect(days('Raw')).toEqual([
      ['bookings/', 90],
      ['_stream/bookings/', 90],
      ['_frames/bookings/', 7],
    ]);
    expect(days('Processed')).toEqual([
      ['bookings/', 730],
      ['_errors/bookings/', 90],
    ]);
    expect(days('Curated')).toEqual([['bookings/', 730]]);
    expect(days('Rejected')).toEqual([['bookings/', 90]]);
    expect(rules('Processed').filter(({ Prefix, ExpirationInDays }) => !Prefix && ExpirationInDays)).toEqual([]);
  });

  test('old versions of an object, query results, reports and logs leave as the environment says', () => {
    for (const { Properties } of ofType(own, 'AWS::S3::Bucket')) {
      expect(Properties.LifecycleConfiguration.Rules).toContainEqual(
        expect.objectContaining({
          Status: 'Enabled',
          NoncurrentVersionExpiration: { NoncurrentDays: retention.oldVersionDays },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        }),
      );
    }
    const expires = (id: string) => rules(id).flatMap(({ ExpirationInDays }) => ExpirationInDays ?? []);
    expect(days('QueryResults')).toEqual([
      ...['analysts', 'dashboards', 'pipelines'].map((group) => [`${group}/`, retention.queryResultDays]),
      ...(reports ? [['reports/', reports.keptDays]] : []),
    ]);
    expect(expires('AccessLogs')).toEqual([retention.accessLogDays]);
    expect(expires('Audit')).toEqual([retention.auditDays]);
  });

  test(`what holds data ${deletionProtection ? 'outlives its stack' : 'goes with its stack'}`, () => {
    const policy = deletionProtection ? 'Retain' : 'Delete';
    for (const type of HOLDING) {
      for (const it of ofType(own, type)) {
        expect([it.DeletionPolicy, it.UpdateReplacePolicy], `${it.stack} ${it.id}`).toEqual([policy, policy]);
      }
    }
    for (const stack of own) expect(stack.terminationProtection).toBe(deletionProtection);
  });

  test('every workgroup enforces its scan limit and encrypts its results', () => {
    const groups = ofType(own, 'AWS::Athena::WorkGroup');
    expect(groups).toHaveLength(3);
    for (const { Properties } of groups) {
      expect(Properties.WorkGroupConfiguration).toMatchObject({
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: true,
        BytesScannedCutoffPerQuery: scanLimitMiB * 1024 * 1024,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: expect.anything() } },
      });
    }
  });

  test('a validated trail records who touched an object of a zone', () => {
    const [trail] = ofType(own, 'AWS::CloudTrail::Trail');
    expect(trail?.Properties).toMatchObject({ IsLogging: true, EnableLogFileValidation: true });
    const [selector] = trail?.Properties.EventSelectors ?? [];
    expect(selector.ReadWriteType ?? 'All').toBe('All');
    const watched = JSON.stringify(selector.DataResources);
    for (const zone of ['Raw', 'Processed', 'Curated', 'Rejected']) expect(watched).toContain(`GetAtt${zone}`);
    expect(mayUse(find('AWS::KMS::Key', 'AuditKey'), 'cloudtrail.amazonaws.com')).toContain('kms:GenerateDataKey');
  });

  test('every queue and topic is encrypted and refuses what does not come by TLS', () => {
    for (const { Properties } of ofType(own, 'AWS::SQS::Queue')) expect(Properties.KmsMasterKeyId).toBeDefined();
    for (const { Properties } of ofType(own, 'AWS::SNS::Topic')) expect(Properties.KmsMasterKeyId).toBeDefined();
    const policies = [...ofType(own, 'AWS::SQS::QueuePolicy'), ...ofType(own, 'AWS::SNS::TopicPolicy')];
    expect(policies).toHaveLength(ofType(own, 'AWS::SQS::Queue').length + ofType(own, 'AWS::SNS::Topic').length);
    for (const { Properties } of policies) {
      expect(JSON.stringify(Properties.PolicyDocument)).toContain('{"aws:SecureTransport":"false"}');
    }
    expect(mayUse(find('AWS::KMS::Key', 'AlertKey'), 'cloudwatch.amazonaws.com')).toContain('kms:GenerateDataKey');
  });

  test('a message about a raw object ends in the second queue after five failures', () => {
    const messages = find('AWS::SQS::Queue', 'RawObjectsMessages');
    const failed = find('AWS::SQS::Queue', 'RawObjectsFailed');
    expect(messages.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [failed.id, 'Arn'] },
      maxReceiveCount: 5,
    });
    const told = find('AWS::S3::Bucket', 'Raw').Properties.NotificationConfiguration.QueueConfigurations;
    expect(told).toEqual([
      {
        Event: 's3:ObjectCreated:*',
        Queue: { 'Fn::GetAtt': [messages.id, 'Arn'] },
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'bookings/' }] } },
      },
    ]);
    const key = find('AWS::KMS::Key', 'RawObjectsKey');
    expect(mayUse(key, 's3.amazonaws.com')).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

  test('the convert function takes one file at a time from the queue, and knows its zones and no secret', () => {
    const [source] = ofType(own, 'AWS::Lambda::EventSourceMapping');
    expect(source?.Properties).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    const { Properties } = find('AWS::Lambda::Function', 'Convert');
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['x86_64'],
      KmsKeyArn: expect.anything(),
    });
    expect(Object.keys(Properties.Environment.Variables).sort()).toEqual([
      'CURATED_BUCKET',
      'NODE_OPTIONS',
      'PROCESSED_BUCKET',
      'PSEUDONYM_KEY_PARAMETER',
      'RAW_BUCKET',
      'REJECTED_BUCKET',
    ]);
    const messages = find('AWS::SQS::Queue', 'RawObjectsMessages').Properties;
    expect(messages.VisibilityTimeout).toBe(6 * Properties.Timeout);
  });

  test('logs of whatever runs are encrypted and leave as the environment says', () => {
    const groups = ofType(own, 'AWS::Logs::LogGroup');
    const logging = ['AWS::Lambda::Function', 'AWS::KinesisFirehose::DeliveryStream', 'AWS::Glue::Job'];
    const loggers = [...logging, 'AWS::StepFunctions::StateMachine', 'AWS::CloudTrail::Trail'].flatMap((type) =>
      ofType(own, type),
    );
    expect(groups).toHaveLength(loggers.length);
    for (const { Properties } of groups) {
      expect(Properties).toMatchObject({ RetentionInDays: retention.logDays, KmsKeyId: expect.anything() });
    }
  });

  test(`${streaming ? 'a stream keeps records as they came and writes' : 'no stream writes'} Parquet by the table`, () => {
    const streams = ofType(own, 'AWS::KinesisFirehose::DeliveryStream');
    expect(streams).toHaveLength(streaming ? 1 : 0);
    for (const { Properties } of streams) {
      expect(Properties.DeliveryStreamEncryptionConfigurationInput.KeyType).toBe('CUSTOMER_MANAGED_CMK');
      const target = Properties.ExtendedS3DestinationConfiguration;
      const safe = {
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: expect.anything(), LogStreamName: expect.anything() },
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: expect.anything() } },
      };
      expect(target).toMatchObject({ ...safe, S3BackupMode: 'Enabled', S3BackupConfiguration: safe });
      expect(target.Prefix).toBe('bookings/ingest_date=!{timestamp:yyyy-MM-dd}/');
      expect(target.ErrorOutputPrefix).toMatch(/^_errors\/bookings\//);
      expect(JSON.stringify(target.S3BackupConfiguration.BucketARN)).toContain('GetAttRaw');
      expect(target.ProcessingConfiguration).toMatchObject({ Enabled: true, Processors: [{ Type: 'Lambda' }] });
      const { Enabled, SchemaConfiguration } = target.DataFormatConversionConfiguration;
      expect([Enabled, SchemaConfiguration.TableName]).toEqual([true, 'processed_bookings']);
    }
  });

  test('every alarm tells the topic and has a heading in the runbook, and every heading an alarm', () => {
    const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => `docs/runbook.md: ${heading}`);
    const alarms = ofType(own, 'AWS::CloudWatch::Alarm');
    const streamed = /transform|stream|register|entered/;
    const expected = headings
      .filter((heading) => streaming || !streamed.test(heading))
      .filter((heading) => endpoint !== undefined || !/guard/.test(heading))
      .filter((heading) => reports !== undefined || !/report/.test(heading))
      .filter((heading) => webhook === true || !/notify|chat/.test(heading))
      .filter((heading) => streamScoring === true || !/unscored/.test(heading));
    expect(alarms.map(({ Properties }) => Properties.AlarmDescription).sort()).toEqual(expected.sort());
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toHaveLength(1);
  });

  test('reports are ordered on the second of a month, and of January for the year, for each role that receives some', () => {
    const orders = ofType(own, 'AWS::Events::Rule').filter(({ stack }) => stack.endsWith('/Reports'));
    const asked = orders.flatMap(({ Properties }) =>
      Properties.Targets.map((target: { InputTransformer: { InputTemplate: string } }) => [
        Properties.ScheduleExpression,
        target.InputTransformer.InputTemplate,
      ]),
    );
    const order = (role: string, kind: string) =>
      `{"dataset":"bookings","role":"${role}","kind":"${kind}","at":<time>}`;
    const expected = ['marketing', 'direction'].flatMap((role) => [
      ['cron(0 5 2 * ? *)', order(role, 'month')],
      ['cron(0 6 2 1 ? *)', order(role, 'year')],
    ]);
    expect(asked.sort()).toEqual((reports ? expected : []).sort());
  });

  test('the budget is watched at 80 and 100 percent', () => {
    const [budget] = ofType(own, 'AWS::Budgets::Budget');
    const { NotificationsWithSubscribers: notes } = budget?.Properties ?? {};
    expect(notes.map((note: { Notification: object }) => note.Notification)).toMatchObject([
      { NotificationType: 'ACTUAL', Threshold: 80 },
      { NotificationType: 'ACTUAL', Threshold: 100 },
      { NotificationType: 'FORECASTED', Threshold: 100 },
    ]);
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal: unknown;
  readonly Condition: unknown;
}

interface Rule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
}

function isEveryone(principal: unknown): boolean {
  return JSON.stringify(principal) === '{"AWS":"*"}' || principal === '*';
}

/** What the key's own policy lets a service do. */
function mayUse(key: Placed, service: string): string[] {
  return key.Properties.KeyPolicy.Statement.filter(
    ({ Effect, Principal }: { Effect: string; Principal: { Service?: string | string[] } }) =>
      Effect === 'Allow' && [Principal.Service].flat().includes(service),
  ).flatMap(({ Action }: Statement) => Action);
}

interface Declared {
  readonly DataSetArn: { readonly 'Fn::GetAtt': readonly [string, string] };
}
