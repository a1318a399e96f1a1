import type { Lake } from '../lake.ts';
import { type Definition, definitionOf, scopesOf } from '../states/definition.ts';
import { all, at, expectNumber, expectValue, list, type Rule, unexpected } from './rule.ts';

const JOB = 'AWS::Glue::Job';
const CRAWLER = 'AWS::Glue::Crawler';
const SECURITY = 'AWS::Glue::SecurityConfiguration';
const MACHINE = 'AWS::StepFunctions::StateMachine';
const MODES = ['CloudWatchEncryption.CloudWatchEncryptionMode', 'S3Encryptions.0.S3EncryptionMode'];

export const jobRules: readonly Rule[] = [
  {
    id: 'glue-security',
    meaning: 'Every job and crawler runs with a security configuration of the lake.',
    types: [JOB, CRAWLER],
    test: ({ type, properties }, lake) => {
      const property = type === JOB ? 'SecurityConfiguration' : 'CrawlerSecurityConfiguration';
      const isOwn = lake.ofType(SECURITY).some((it) => lake.means(properties[property], it));
      return isOwn ? undefined : unexpected(property, properties[property], 'a security configuration of the lake');
    },
  },
  {
    id: 'glue-encrypted',
    meaning: 'Every security configuration encrypts logs and files with keys of the lake; with jobs, bookmarks too.',
    types: [SECURITY],
    test: (security, lake) => {
      const encryption = Object(security.properties.EncryptionConfiguration);
      const isForJobs = lake.ofType(JOB).some((it) => lake.means(it.properties.SecurityConfiguration, security));
      const parts = ['CloudWatchEncryption', 'S3Encryptions.0', ...(isForJobs ? ['JobBookmarksEncryption'] : [])];
      return all(
        ...MODES.map((path) => expectValue(encryption, path, 'SSE-KMS')),
        isForJobs ? expectValue(encryption, 'JobBookmarksEncryption.JobBookmarksEncryptionMode', 'CSE-KMS') : undefined,
        ...parts.map((part) => keyIn(encryption, `${part}.KmsKeyArn`, lake)),
      );
    },
  },
  {
    id: 'glue-bounded',
    meaning: 'Every job ends within eight hours, has a bounded number of workers and tries, and runs once at a time.',
    types: [JOB],
    test: ({ properties }) =>
      all(
        expectNumber(properties, 'Timeout', 1, 480),
        expectNumber(properties, 'MaxRetries', 0, 3),
        expectNumber(properties, 'NumberOfWorkers', 1, 50),
        expectNumber(properties, 'ExecutionProperty.MaxConcurrentRuns', 1, 1),
      ),
  },
  {
    id: 'glue-seen',
    meaning: 'Every job sends metrics and logs while it runs, and gives back the workers that it does not need.',
    types: [JOB],
    test: ({ properties }) => {
      const given = Object(properties.DefaultArguments);
      return ['--enable-metrics', '--enable-continuous-cloudwatch-log', '--enable-auto-scaling']
        .filter((name) => !['true', ''].includes(`${given[name]}`))
        .map((name) => unexpected(`DefaultArguments ${name}`, given[name], 'true'));
    },
  },
  {
    id: 'glue-version',
    meaning: 'Every job runs on Glue 5 or newer.',
    types: [JOB],
    test: ({ properties: { GlueVersion: version } }) =>
      Number(version) >= 5 ? undefined : unexpected('GlueVersion', version, '5.0 or newer'),
  },
  {
    id: 'machine-logged',
    meaning: 'Every state machine logs each step without its data, into a group of the lake, and traces its runs.',
    types: [MACHINE],
    test: ({ properties }, lake) => {
      const { Level: level, IncludeExecutionData: withData } = Object(properties.LoggingConfiguration);
      const group = at(properties, 'LoggingConfiguration.Destinations.0.CloudWatchLogsLogGroup.LogGroupArn');
      return all(
        ['ALL', 'ERROR'].includes(level) ? undefined : unexpected('LoggingConfiguration.Level', level, 'ALL or ERROR'),
        withData === true ? 'IncludeExecutionData is true, expected false' : undefined,
        lake.target(group)?.type === 'AWS::Logs::LogGroup'
          ? undefined
          : unexpected('log group', group, 'one of the lake'),
        expectValue(properties, 'TracingConfiguration.Enabled', true),
      );
    },
  },
  {
    id: 'machine-key',
    meaning: 'The definition of every state machine and the data of its runs are encrypted with a key of the lake.',
    types: [MACHINE],
    test: ({ properties }, lake) => keyIn(properties, 'EncryptionConfiguration.KmsKeyId', lake),
  },
  {
    id: 'schedule',
    meaning: 'Every schedule is on, tries again a bounded number of times, and what it could not start is seen.',
    types: ['AWS::Scheduler::Schedule'],
    test: ({ properties }, lake) =>
      all(
        ['ENABLED', undefined].includes(properties.State as undefined)
          ? undefined
          : unexpected('State', properties.State, 'ENABLED'),
        expectNumber(properties, 'Target.RetryPolicy.MaximumRetryAttempts', 0, 185),
        at(properties, 'Target.DeadLetterConfig.Arn') === undefined && !isDropSeen(properties.GroupName, lake)
          ? 'nobody sees what it could not start, expected a queue for failures, or an alarm on InvocationDroppedCount of its group'
          : undefined,
      ),
  },
  {
    id: 'schedule-key',
    meaning: 'What every schedule sends is encrypted with a key of the lake.',
    types: ['AWS::Scheduler::Schedule'],
    test: ({ properties }, lake) => keyIn(properties, 'KmsKeyArn', lake),
  },
  {
    id: 'machine-targets',
    meaning: 'Every step of a state machine calls a function, job, workgroup, topic or machine of the lake.',
    types: [MACHINE],
    test: (machine, lake) => {
      const definition = definitionOf(machine, lake, (text) => text);
      return typeof definition === 'string' ? undefined : scopesOf(definition).flatMap((it) => strangers(it, lake));
    },
  },
  {
    id: 'rule-enabled',
    meaning: 'Every rule on events is on and has a target.',
    types: ['AWS::Events::Rule'],
    test: ({ properties }) =>
      all(
        properties.State === 'DISABLED' ? 'State is DISABLED, expected ENABLED' : undefined,
        list(properties.Targets).length === 0 ? 'Targets is empty, expected one' : undefined,
      ),
  },
];

/** Whether an alarm watches the group of the schedule for what could not be started. */
function isDropSeen(group: unknown, lake: Lake): boolean {
  return lake
    .ofType('AWS::CloudWatch::Alarm')
    .some(
      ({ properties: { MetricName: metric, Namespace: namespace, Dimensions: dimensions } }) =>
        namespace === 'AWS/Scheduler' &&
        metric === 'InvocationDroppedCount' &&
        list(dimensions).some((it) => at(it, 'Name') === 'ScheduleGroup' && isSameGroup(at(it, 'Value'), group, lake)),
    );
}

function isSameGroup(watched: unknown, group: unknown, lake: Lake): boolean {
  return (
    watched === (group ?? 'default') ||
    lake.ofType('AWS::Scheduler::ScheduleGroup').some((it) => lake.means(watched, it) && lake.means(group, it))
  );
}

/** Parameters of requests that name a resource, and its type. */
const NAMED: Readonly<Record<string, string>> = {
  FunctionName: 'AWS::Lambda::Function',
  JobName: JOB,
  WorkGroup: 'AWS::Athena::WorkGroup',
  TopicArn: 'AWS::SNS::Topic',
  StateMachineArn: MACHINE,
  QueueUrl: 'AWS::SQS::Queue',
};

function strangers({ States }: Definition, lake: Lake): string[] {
  return Object.entries(States).flatMap(([name, { Type, Resource: called = '', Parameters: parameters }]) => {
    if (Type !== 'Task') return [];
    const named = Object.entries(Object(parameters)).flatMap(([parameter, value]) => {
      const type = called.startsWith('arn:aws:states:::') ? NAMED[parameter] : undefined;
      return type === undefined ? [] : [[value, type] as const];
    });
    const all = called.startsWith('arn:aws:states:::') ? named : [[called, 'AWS::Lambda::Function'] as const];
    return all
      .filter(([value, type]) => !lake.ofType(type).some((it) => lake.means(value, it)))
      .map(([value, type]) => `'${name}' calls ${value}, expected an ${type} of the lake`);
  });
}

function keyIn(properties: unknown, path: string, lake: Lake): string | undefined {
  const key = at(properties, path);
  return lake.target(key)?.type === 'AWS::KMS::Key' ? undefined : unexpected(path, key, 'a key of the lake');
}
