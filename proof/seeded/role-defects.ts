import { add, everywhere, idOf, set } from './changes.ts';
import type { Change, Defect } from './defect.ts';

const role = 'AWS::IAM::Role';
const policy = 'AWS::IAM::Policy';
const STATEMENTS = 'PolicyDocument.Statement';
const TRUST = 'AssumeRolePolicyDocument.Statement.0';
const PEOPLE = /\/Access\/(DataEngineer|DataAnalyst|Marketing|Direction)\//;
const granted = (action: string, resource: unknown): Change =>
  add(STATEMENTS, { Effect: 'Allow', Action: action, Resource: resource });

export const policyDefects: readonly Defect[] = [
  {
    id: 'policy-every-action',
    weakens: 'A role may do everything to what it had.',
    type: policy,
    change: set(`${STATEMENTS}.0.Action`, '*'),
  },
  {
    id: 'policy-service-actions',
    weakens: 'A role may do everything in S3.',
    type: policy,
    change: add(STATEMENTS, { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::a-bucket/a-prefix/*' }),
  },
  {
    id: 'policy-read-actions',
    weakens: 'A role may read whatever S3 knows.',
    type: policy,
    change: granted('s3:Get*', 'arn:aws:s3:::a-bucket/a-prefix/*'),
  },
  {
    id: 'policy-every-resource',
    weakens: 'A role has its actions everywhere.',
    type: policy,
    change: set(`${STATEMENTS}.0.Resource`, '*'),
  },
  {
    id: 'policy-every-bucket',
    weakens: 'A role reads every bucket.',
    type: policy,
    change: granted('s3:GetObject', 'arn:aws:s3:::*'),
  },
  {
    id: 'policy-every-key',
    weakens: 'A role decrypts with every key.',
    type: policy,
    change: granted('kms:Decrypt', '*'),
  },
  {
    id: 'policy-every-table',
    weakens: 'A role sees the tables of every database.',
    type: policy,
    change: granted('glue:GetTable', 'arn:aws:glue:eu-west-3:111122223333:table/*'),
  },
  {
    id: 'policy-every-account',
    weakens: 'A role has an action in every account.',
    type: policy,
    change: granted('lambda:InvokeFunction', 'arn:aws:lambda:*:*:function:transform'),
  },
  {
    id: 'policy-all-but',
    weakens: 'A role has every action but one.',
    type: policy,
    change: add(STATEMENTS, { Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::a-bucket' }),
  },
  {
    id: 'policy-everywhere-but',
    weakens: 'A role has an action everywhere but in one place.',
    type: policy,
    change: add(STATEMENTS, { Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::a-bucket/*' }),
  },
  {
    id: 'policy-pass-any-role',
    weakens: 'A role hands on any role.',
    type: policy,
    change: add(STATEMENTS, { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' }),
  },
  {
    id: 'policy-pass-to-any-service',
    weakens: 'A role is handed to any service.',
    type: policy,
    place: PEOPLE,
    change: (it, stack, id) =>
      granted('iam:PassRole', { 'Fn::GetAtt': [idOf(stack, role, PEOPLE), 'Arn'] })(it, stack, id),
  },
  {
    id: 'policy-new-policy',
    weakens: 'A role gives itself more.',
    type: policy,
    change: granted('iam:PutRolePolicy', 'arn:aws:iam::111122223333:role/own'),
  },
  {
    id: 'policy-new-code',
    weakens: 'A role changes what a function does.',
    type: policy,
    change: granted('lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-west-3:111122223333:function:transform'),
  },
  {
    id: 'policy-key-policy',
    weakens: 'A role opens a key.',
    type: policy,
    change: granted('kms:PutKeyPolicy', 'arn:aws:kms:eu-west-3:111122223333:key/own'),
  },
  {
    id: 'policy-bucket-policy',
    weakens: 'A role opens a bucket.',
    type: policy,
    change: granted('s3:PutBucketPolicy', 'arn:aws:s3:::a-bucket'),
  },
  {
    id: 'policy-lights-out',
    weakens: 'A role stops the audit trail.',
    type: policy,
    change: granted('cloudtrail:StopLogging', 'arn:aws:cloudtrail:eu-west-3:111122223333:trail/own'),
  },
  {
    id: 'policy-any-role',
    weakens: 'A role takes on every other.',
    type: policy,
    change: granted('sts:AssumeRole', 'arn:aws:iam::111122223333:role/other'),
  },
  {
    id: 'policy-whole-zone',
    weakens: 'A role reads a whole zone and not its own prefixes.',
    type: policy,
    place: PEOPLE,
    change: everywhere('Fn::Join', (it) => {
      it['Fn::Join'] = JSON.parse(JSON.stringify(it['Fn::Join']).replace(/"\/[\w/-]+\/\*"\]\]$/, '"/*"]]'));
    }),
  },
  {
    id: 'policy-any-metric',
    weakens: 'A role makes up any metric, those of AWS included.',
    type: policy,
    change: granted('cloudwatch:PutMetricData', '*'),
  },
  {
    id: 'policy-list-unbound',
    weakens: 'People see the names of all objects of a zone.',
    type: policy,
    place: PEOPLE,
    change: everywhere('Effect', (it) => {
      if (it.Action === 's3:ListBucket') delete it.Condition;
    }),
  },
  {
    id: 'people-write',
    weakens: 'People write into a zone by hand.',
    type: policy,
    place: PEOPLE,
    change: everywhere('Effect', (it) => {
      if (it.Action === 's3:GetObject') it.Action = ['s3:GetObject', 's3:PutObject'];
    }),
  },
  {
    id: 'people-delete',
    weakens: 'People delete from a zone by hand.',
    type: policy,
    place: PEOPLE,
    change: everywhere('Effect', (it) => {
      if (it.Action === 's3:GetObject') it.Action = ['s3:GetObject', 's3:DeleteObject'];
    }),
  },
  {
    id: 'people-other-workgroup',
    weakens: 'People ask by a workgroup without limits.',
    type: policy,
    place: PEOPLE,
    change: granted('athena:StartQueryExecution', 'arn:aws:athena:eu-west-3:111122223333:workgroup/primary'),
  },
];

export const trustDefects: readonly Defect[] = [
  {
    id: 'role-administrator',
    weakens: 'A role may do everything.',
    type: role,
    change: add('ManagedPolicyArns', 'arn:aws:iam::aws:policy/AdministratorAccess'),
  },
  {
    id: 'role-read-everything',
    weakens: 'A role reads every bucket of the account.',
    type: role,
    change: add('ManagedPolicyArns', {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AmazonS3ReadOnlyAccess']],
    }),
  },
  {
    id: 'role-no-second-factor',
    weakens: 'A stolen password is enough.',
    type: role,
    place: PEOPLE,
    change: set(`${TRUST}.Condition`),
  },
  {
    id: 'role-second-factor-if-any',
    weakens: 'A call without a word on the second factor passes.',
    type: role,
    place: PEOPLE,
    change: set(`${TRUST}.Condition`, { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }),
  },
  {
    id: 'role-second-factor-refused',
    weakens: 'Only those without a second factor get in.',
    type: role,
    place: PEOPLE,
    change: set(`${TRUST}.Condition`, { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }),
  },
  {
    id: 'role-for-stranger',
    weakens: 'Another account takes the role on.',
    type: role,
    change: set(`${TRUST}.Principal`, { AWS: 'arn:aws:iam::111122223333:root' }),
  },
  {
    id: 'role-for-all',
    weakens: 'Everybody takes the role on.',
    type: role,
    change: set(`${TRUST}.Principal`, { AWS: '*' }),
  },
  {
    id: 'role-unbound-service',
    weakens: "Another account's stream, job or machine takes the role on.",
    type: role,
    place: /(stream|Crawler|Job|Machine|Schedule)[^/]*(\/|$)/,
    change: (it, stack, id) => {
      if ('Service' in Object(Object(it.Properties?.AssumeRolePolicyDocument).Statement?.[0]?.Principal))
        set(`${TRUST}.Condition`)(it, stack, id);
    },
  },
  {
    id: 'role-long-session',
    weakens: 'A stolen session lasts for half a day.',
    type: role,
    place: PEOPLE,
    change: set('MaxSessionDuration', 43_200),
  },
];
