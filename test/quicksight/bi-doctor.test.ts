import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dev, whole } from '../../lib/environments.ts';
import { monthlyCosts } from '../../proof/bi/doctor-command.ts';
import { examine } from '../../proof/bi/examine.ts';
import { pricesFor } from '../../proof/cost/prices.ts';
import { type StandIn, type StandInAnswers, startStandIn } from './aws-stand-in.ts';

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:eu-west-3:${ACCOUNT}:key/a`;
const allowed = (...actions: readonly string[]) => ({
  body: `<EvaluationResults>${actions.map(decided).join('')}</EvaluationResults>`,
});
const decided = (action: string) =>
  `<member><EvalActionName>${action}</EvalActionName><EvalDecision>allowed</EvalDecision></member>`;

/** An account in which all is well. */
const WELL: StandInAnswers = {
  GetCallerIdentity: { body: `<Account>${ACCOUNT}</Account>` },
  DescribeAccountSubscription: {
    body: {
      AccountInfo: { AccountName: 'airline', Edition: 'ENTERPRISE', AccountSubscriptionStatus: 'ACCOUNT_CREATED' },
    },
  },
  DescribeAccountSettings: { body: { AccountSettings: { PublicSharingEnabled: false } } },
  ListDataSets: { body: { DataSetSummaries: [] } },
  DescribeGroup: { body: { Group: {} } },
  GetWorkGroup: {
    body: {
      WorkGroup: {
        Name: 'laketwin-whole-dashboards',
        Configuration: {
          ResultConfiguration: {
            OutputLocation: 's3://results/dashboards/',
            EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: KEY },
          },
        },
      },
    },
  },
  GetTable: { body: { Table: { Name: 'bookings', StorageDescriptor: { Location: 's3://curated/bookings/' } } } },
  GetBucketEncryption: {
    body: `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${KEY}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
  },
  GetRole: { error: 'NoSuchEntity' },
  'GetRole aws-quicksight-service-role-v0': {
    body: `<Role><Arn>arn:aws:iam::${ACCOUNT}:role/service-role/aws-quicksight-service-role-v0</Arn></Role>`,
  },
  SimulatePrincipalPolicy: allowed(
    'athena:StartQueryExecution',
    'athena:GetQueryResults',
    's3:GetObject',
    's3:PutObject',
    'kms:Decrypt',
    'kms:GenerateDataKey',
  ),
};

let answers = WELL;
let aws: StandIn | undefined;

beforeAll(async () => {
  aws = await startStandIn(() => answers);
});
afterAll(async () => {
  await aws?.stop();
});

async function lacking(changed: StandInAnswers = {}, environment = whole) {
  answers = { ...WELL, ...changed };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const findings = await examine(environment, { endpoint: aws?.endpoint ?? '', credentials });
  return findings
    .filter(({ state }) => state === 'missing')
    .map(({ part, found, advice }) => `${part}: ${found}; ${advice}`);
}

test('an account in which all is well lacks nothing, and each thing was looked at', async () => {
  expect(await lacking()).toEqual([]);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const findings = await examine(whole, { endpoint: aws?.endpoint ?? '', credentials });
  expect(findings.map(({ part }) => part)).toEqual([
    'account',
    'environment',
    'subscription',
    'edition',
    'region',
    'public sharing',
    'group lake-analysts',
    'group lake-marketing',
    'group lake-direction',
    'Athena workgroup',
    'role of QuickSight',
    'right to ask Athena',
    'right to read the data in S3',
    'right to write results to S3',
    'right to use the keys in KMS',
  ]);
});

const CASES: readonly (readonly [string, string, StandInAnswers])[] = [
  [
    'no subscription',
    'subscription: none in this account; subscribe',
    { DescribeAccountSubscription: { error: 'ResourceNotFoundException' } },
  ],
  [
    'a subscription that has ended',
    'subscription: its status is UNSUBSCRIBED; subscribe',
    { DescribeAccountSubscription: { body: { AccountInfo: { AccountSubscriptionStatus: 'UNSUBSCRIBED' } } } },
  ],
  [
    'whoever may not look',
    'subscription: you may not ask: quicksight:DescribeAccountSubscription is denied; have an administrator allow',
    { DescribeAccountSubscription: { error: 'AccessDeniedException', message: 'not authorized' } },
  ],
  [
    'the Standard edition',
    'edition: STANDARD; upgrade to Enterprise',
    {
      DescribeAccountSubscription: {
        body: { AccountInfo: { Edition: 'STANDARD', AccountSubscriptionStatus: 'ACCOUNT_CREATED' } },
      },
    },
  ],
  [
    'an edition with a fee for the account',
    'edition: ENTERPRISE_AND_Q; look whether Q is wanted: it adds a fee',
    {
      DescribeAccountSubscription: {
        body: { AccountInfo: { Edition: 'ENTERPRISE_AND_Q', AccountSubscriptionStatus: 'ACCOUNT_CREATED' } },
      },
    },
  ],
  [
    'users who are kept in another region',
    "identity region: users and groups are kept in us-east-1, not in eu-west-1; set dashboards.identityRegion to 'us-east-1'",
    {
      DescribeAccountSubscription: {
        error: 'AccessDeniedException',
        message:
          'Operation is being called from endpoint eu-west-1, but your identity region is us-east-1. Please use the us-east-1 endpoint.',
      },
    },
  ],
  [
    'a region without QuickSight',
    'region: eu-west-3 does not have it; choose a region',
    { ListDataSets: { error: 'InternalFailure', message: 'the service is not available in this region' } },
  ],
  [
    'sharing with everybody',
    'public sharing: on; switch it off',
    { DescribeAccountSettings: { body: { AccountSettings: { PublicSharingEnabled: true } } } },
  ],
  [
    'a group that is not there',
    'group lake-marketing: none of that name; make it, then add its people: aws quicksight create-group --region eu-west-1',
    { 'DescribeGroup lake-marketing': { error: 'ResourceNotFoundException' } },
  ],
  [
    'a lake that is not deployed',
    'Athena workgroup: no laketwin-whole-dashboards in eu-west-3; deploy the lake first',
    { GetWorkGroup: { error: 'InvalidRequestException', message: 'WorkGroup is not found.' } },
  ],
  [
    'whoever may not ask Athena',
    'lake: you may not ask: not authorized to perform athena:GetWorkGroup; have an administrator',
    { GetWorkGroup: { error: 'AccessDeniedException', message: 'not authorized to perform athena:GetWorkGroup' } },
  ],
  [
    'a table that is not there',
    'table: no laketwin_whole.bookings; deploy the catalog',
    { GetTable: { error: 'EntityNotFoundException' } },
  ],
  [
    'a QuickSight without a role',
    'role of QuickSight: none; in QuickSight, Manage QuickSight',
    { 'GetRole aws-quicksight-service-role-v0': { error: 'NoSuchEntity' } },
  ],
  [
    'a role that may not ask Athena',
    'right to ask Athena: athena:GetQueryResults denied; in QuickSight',
    { 'SimulatePrincipalPolicy athena:StartQueryExecution': allowed('athena:StartQueryExecution') },
  ],
  [
    'a role that may not read the data',
    'right to read the data in S3: s3:GetObject denied; in QuickSight, Manage QuickSight > Security & permissions > S3, tick the bucket curated',
    { 'SimulatePrincipalPolicy s3:GetObject': allowed('s3:PutObject') },
  ],
  [
    'a role that may not write results',
    'right to write results to S3: s3:PutObject denied; in QuickSight, Manage QuickSight > Security & permissions > S3, tick the bucket results',
    { 'SimulatePrincipalPolicy s3:PutObject': allowed('s3:GetObject') },
  ],
  [
    'a role that may not use the key',
    `right to use the keys in KMS: kms:Decrypt, kms:GenerateDataKey denied; give the role kms:Decrypt and kms:GenerateDataKey on ${KEY}`,
    { 'SimulatePrincipalPolicy kms:Decrypt': allowed() },
  ],
  [
    'credentials that have ended',
    'credentials: AWS does not take them; sign in',
    { GetCallerIdentity: { error: 'ExpiredToken' } },
  ],
];

test.each(CASES.map(([what, sentence, changed]) => ({ what, sentence, changed })))(
  'fails in one sentence with the next step for $what',
  async ({ sentence, changed }) => {
    const found = await lacking(changed);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  },
);

test('fails for credentials of another account, before anything is asked of it', async () => {
  expect(await lacking({}, { ...whole, account: '999999999999' })).toEqual([
    `account: ${ACCOUNT}; take credentials of account 999999999999, to which 'whole' belongs`,
  ]);
});

test('fails for an environment that has no dashboards', async () => {
  expect(await lacking({}, dev)).toEqual([expect.stringContaining("environment: 'dev' has no dashboards")]);
});

test('what people and memory cost comes from the price list, with its date', () => {
  const prices = pricesFor('eu-west-3');
  const lines = monthlyCosts(prices);
  expect(lines[0]).toBe(
    `${prices.of('quicksight.author').usd.toFixed(2)} $ a month for each person who makes dashboards (list of ${prices.of('quicksight.author').date})`,
  );
  expect(lines).toHaveLength(4);
});

test('fails with status 1 and one sentence without credentials', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const env = { PATH: process.env.PATH, HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: 'true' };
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bin/laketwin.ts', 'bi', 'doctor', '--env', 'whole'],
    { cwd: root, env, encoding: 'utf8' },
  );
  // On Node 20 the SDK says above that it will want a later one.
  expect(stderr.trim().split('\n').at(-1)).toBe(
    'nothing could be checked: credentials: none; sign in to AWS, for example with aws sso login, or set AWS_PROFILE',
  );
  expect(stdout).toBe('');
  expect(status).toBe(1);
});
