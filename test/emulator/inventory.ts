/** What is in the account, asked of each service and not of CloudFormation. */
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ask, askRest, askXml } from './api.ts';
import { type Clients, clientsOf } from './clients.ts';
import type { Emulator } from './emulator.ts';
import { equal } from './equal.ts';
import type { DeployedLake, DeployedResource } from './lake.ts';
import { ACCOUNT } from './place.ts';
import type { Proved } from './report.ts';

/** Resource type to the names or ids of what there is of it. */
export type Inventory = ReadonlyMap<string, ReadonlySet<string>>;

type Lister = (emulator: Emulator, clients: Clients) => Promise<readonly string[]>;

const LISTERS: Readonly<Record<string, Lister>> = {
  'AWS::S3::Bucket': async (_, { s3 }) => {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand());
    return Buckets.map(({ Name = '' }) => Name);
  },
  'AWS::KMS::Key': keys,
  'AWS::SQS::Queue': async (emulator) =>
    (await ask<{ QueueUrls?: string[] }>(emulator, 'sqs', 'AmazonSQS.ListQueues')).QueueUrls ?? [],
  'AWS::Logs::LogGroup': listed('logs', 'Logs_20140328.DescribeLogGroups', 'logGroups', 'logGroupName'),
  'AWS::Glue::Database': listed('glue', 'AWSGlue.GetDatabases', 'DatabaseList', 'Name'),
  'AWS::Glue::Table': tables,
  'AWS::Glue::Crawler': listed('glue', 'AWSGlue.GetCrawlers', 'Crawlers', 'Name'),
  'AWS::Glue::Job': listed('glue', 'AWSGlue.GetJobs', 'Jobs', 'Name'),
  'AWS::Glue::SecurityConfiguration': listed(
    'glue',
    'AWSGlue.GetSecurityConfigurations',
    'SecurityConfigurations',
    'Name',
  ),
  'AWS::Athena::WorkGroup': listed('athena', 'AmazonAthena.ListWorkGroups', 'WorkGroups', 'Name'),
  'AWS::Athena::NamedQuery': async (emulator) =>
    (await ask<{ NamedQueryIds: string[] }>(emulator, 'athena', 'AmazonAthena.ListNamedQueries')).NamedQueryIds,
  'AWS::KinesisFirehose::DeliveryStream': async (emulator) =>
    (await ask<{ DeliveryStreamNames: string[] }>(emulator, 'firehose', 'Firehose_20150804.ListDeliveryStreams'))
      .DeliveryStreamNames,
  'AWS::StepFunctions::StateMachine': listed(
    'states',
    'AWSStepFunctions.ListStateMachines',
    'stateMachines',
    'stateMachineArn',
  ),
  'AWS::SSM::Parameter': listed('ssm', 'AmazonSSM.DescribeParameters', 'Parameters', 'Name'),
  'AWS::CloudTrail::Trail': listed(
    'cloudtrail',
    'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListTrails',
    'Trails',
    'Name',
  ),
  'AWS::Budgets::Budget': listed('budgets', 'AWSBudgetServiceGateway.DescribeBudgets', 'Budgets', 'BudgetName', {
    AccountId: ACCOUNT,
  }),
  'AWS::Events::Rule': listed('events', 'AWSEvents.ListRules', 'Rules', 'Name'),
  'AWS::Lambda::Function': async (emulator) =>
    (
      await askRest<{ Functions: { FunctionName: string }[] }>(emulator, 'lambda', '/2015-03-31/functions/')
    ).Functions.map(({ FunctionName }) => FunctionName),
  'AWS::Scheduler::Schedule': async (emulator) =>
    (await askRest<{ Schedules: { Name: string }[] }>(emulator, 'scheduler', '/schedules')).Schedules.map(
      ({ Name }) => Name,
    ),
  'AWS::IAM::Role': (emulator) => askXml(emulator, 'iam', 'ListRoles', 'RoleName'),
  'AWS::SNS::Topic': (emulator) => askXml(emulator, 'sns', 'ListTopics', 'TopicArn'),
  'AWS::CloudWatch::Alarm': (emulator) => askXml(emulator, 'monitoring', 'DescribeAlarms', 'AlarmName'),
  'AWS::CloudWatch::Dashboard': (emulator) => askXml(emulator, 'monitoring', 'ListDashboards', 'DashboardName'),
};

export async function takeInventory(emulator: Emulator): Promise<Inventory> {
  const clients = clientsOf(emulator.endpoint);
  const found = Object.entries(LISTERS).map(
    async ([type, list]) => [type, new Set(await list(emulator, clients))] as const,
  );
  return new Map(await Promise.all(found));
}

/** Each resource of the templates is there when its service is asked. */
export async function findResources({ emulator, resources }: DeployedLake, before: Inventory): Promise<Proved> {
  const now = await takeInventory(emulator);
  const isNew = new Set(beyond(now, before).map((line) => line.slice(line.indexOf(' ') + 1)));
  const recorded = new Set(Object.values(emulator.notes().recorded).flat());
  const looked = resources.filter(({ template, physicalId }) => now.has(template.Type) && !recorded.has(physicalId));
  const missing = looked.filter((resource) => !isNew.has(nameOf(resource)));
  equal(
    'resources that CloudFormation made and their services do not know',
    missing.map(({ place, physicalId }) => `${place} (${physicalId})`),
    [],
  );
  return {
    proved: 'each service that can be asked knows the resources of the templates',
    figures: { resources: looked.length, types: new Set(looked.map(({ template }) => template.Type)).size },
  };
}

/** A table is known by its database too. */
function nameOf({ template, physicalId }: DeployedResource): string {
  return template.Type === 'AWS::Glue::Table' ? `${template.Properties?.DatabaseName}/${physicalId}` : physicalId;
}

/** What one inventory has and another has not: `AWS::S3::Bucket name`. */
export function beyond(now: Inventory, before: Inventory): string[] {
  return [...now]
    .flatMap(([type, names]) =>
      [...names].filter((name) => !before.get(type)?.has(name)).map((name) => `${type} ${name}`),
    )
    .sort();
}

function listed(
  service: string,
  target: string,
  list: string,
  name: string,
  body: Record<string, unknown> = {},
): Lister {
  return async (emulator) => {
    const items: string[] = [];
    let token: Record<string, unknown> = {};
    do {
      const page = await ask<Record<string, unknown>>(emulator, service, target, { ...body, ...token });
      for (const item of (page[list] ?? []) as Record<string, string>[]) items.push(item[name] ?? '');
      const key = Object.keys(page).find((it) => it.toLowerCase() === 'nexttoken' && page[it]);
      token = key === undefined ? {} : { [key]: page[key] };
    } while (Object.keys(token).length > 0);
    return items;
  };
}

async function tables(emulator: Emulator, clients: Clients): Promise<string[]> {
  const databases = (await LISTERS['AWS::Glue::Database']?.(emulator, clients)) ?? [];
  const lists = databases.map((DatabaseName) =>
    listed('glue', 'AWSGlue.GetTables', 'TableList', 'Name', { DatabaseName })(emulator, clients),
  );
  return (await Promise.all(lists)).flatMap((names, index) => names.map((name) => `${databases[index]}/${name}`));
}

/** A key that waits for its deletion is as good as gone. */
async function keys(emulator: Emulator): Promise<string[]> {
  const { Keys } = await ask<{ Keys: { KeyId: string }[] }>(emulator, 'kms', 'TrentService.ListKeys', { Limit: 1000 });
  const described = Keys.map(({ KeyId }) =>
    ask<{ KeyMetadata: { KeyId: string; KeyState: string } }>(emulator, 'kms', 'TrentService.DescribeKey', { KeyId }),
  );
  const states = (await Promise.all(described)).map(({ KeyMetadata }) => KeyMetadata);
  return states.filter(({ KeyState }) => KeyState !== 'PendingDeletion').map(({ KeyId }) => KeyId);
}
