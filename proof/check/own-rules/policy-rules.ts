import type { Lake, Placed } from '../lake.ts';
import {
  actions,
  GUARDED,
  IDENTITIES,
  identityStatements,
  isBoundBy,
  isOpenToAll,
  principals,
  resourceStatements,
  resources,
  type Statement,
  trustStatements,
} from './policies.ts';
import { resultsOf } from './query-rules.ts';
import { all, expectNumber, list, type Rule } from './rule.ts';

const ROLE = 'AWS::IAM::Role';
const GROUP = 'AWS::Athena::WorkGroup';
/** Services that tell the role for which account and resource they take it on. */
const TELLS_SOURCE = ['firehose', 'glue', 'states', 'scheduler', 'sagemaker', 'pipes'].map(
  (it) => `${it}.amazonaws.com`,
);

const SOURCE = ['aws:SourceAccount', 'aws:SourceArn'];

/** Actions that AWS grants on all resources or not at all, by its service authorisation reference. */
export const WITHOUT_RESOURCE = [
  'glue:GetSecurityConfiguration',
  'cloudwatch:PutMetricData',
  'cloudwatch:GetMetricStatistics',
  'ecr:GetAuthorizationToken',
  'sagemaker:ListEndpoints',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** Actions by which a bearer could give itself more, put out the lights, or open the lake to others. */
const FORBIDDEN = [
  /^iam:(?!PassRole$|Get|List)/,
  /^sts:AssumeRole/,
  /^kms:(PutKeyPolicy|ScheduleKeyDeletion|DisableKey)/,
  /^s3:(PutBucket|DeleteBucket|PutEncryption|PutLifecycle|PutObjectAcl|PutAccount|BypassGovernance|ReplicateObject)/,
  /^lambda:(Update|AddPermission|Create|PutFunction)/,
  /^glue:(CreateJob|UpdateJob|PutResourcePolicy|CreateDevEndpoint)/,
  /^states:(Create|Update)/,
  /^cloudtrail:(Stop|Delete|Update|PutEventSelectors)/,
  /^athena:(Create|Update|Delete)WorkGroup/,
  /^lakeformation:/,
  /^organizations:/,
];

export const policyRules: readonly Rule[] = [
  {
    id: 'policy-actions',
    meaning: 'Every grant names its actions one by one.',
    types: [...IDENTITIES, ...GUARDED.filter((type) => type !== 'AWS::KMS::Key')],
    test: (policy) =>
      allowed(policy).flatMap((it) => [
        ...(it.NotAction !== undefined ? ['NotAction grants all others, expected exact actions'] : []),
        ...actions(it)
          .filter((action) => /[*?]/.test(action))
          .map((action) => `action ${action} has a wildcard, expected exact actions`),
      ]),
  },
  {
    id: 'policy-resources',
    meaning: 'Every grant names its resources, but for the few actions that know none.',
    types: IDENTITIES,
    test: (policy) =>
      allowed(policy).flatMap((it) => [
        ...(it.NotResource !== undefined ? ['NotResource grants on all others, expected exact resources'] : []),
        ...resources(it)
          .filter((resource) => isWide(resource) && !actions(it).every((action) => WITHOUT_RESOURCE.includes(action)))
          .map((resource) => `${actions(it).join(', ')} on ${resource}, expected exact resources`),
      ]),
  },
  {
    id: 'policy-metrics',
    meaning: 'Who sends metrics sends them to one namespace.',
    types: IDENTITIES,
    test: (policy) =>
      allowed(policy)
        .filter((it) => actions(it).includes('cloudwatch:PutMetricData') && !isBoundBy(it, ['cloudwatch:namespace']))
        .map(() => 'cloudwatch:PutMetricData to any namespace, expected a condition on cloudwatch:namespace'),
  },
  {
    id: 'policy-whole-bucket',
    meaning: 'No role has the objects of a whole zone: a grant ends with a prefix.',
    types: IDENTITIES,
    test: (policy) =>
      allowed(policy)
        .flatMap((it) => (actions(it).some((action) => action.startsWith('s3:')) ? resources(it) : []))
        .filter((resource) => /^\{\{[^{}]+\.Arn\}\}\/?\*$/.test(resource))
        .map((resource) => `${resource} is a whole bucket, expected a prefix`),
  },
  {
    id: 'policy-escalation',
    meaning: 'No role may change roles, keys, policies, functions, jobs or the trail.',
    types: IDENTITIES,
    test: (policy) =>
      allowed(policy)
        .flatMap(actions)
        .filter((action) => FORBIDDEN.some((it) => it.test(action)))
        .map((action) => `${action} is granted, expected nobody to have it`),
  },
  {
    id: 'pass-role',
    meaning: 'A role hands on named roles alone, to a named service.',
    types: IDENTITIES,
    test: (policy) =>
      allowed(policy)
        .filter((it) => actions(it).includes('iam:PassRole'))
        .flatMap((it) => [
          ...resources(it)
            .filter((role) => !/^\{\{[^{}]+\.Arn\}\}$/.test(role))
            .map((role) => `iam:PassRole on ${role}, expected a role of the lake`),
          ...(isBoundBy(it, ['iam:PassedToService'])
            ? []
            : ['iam:PassRole to any service, expected iam:PassedToService']),
        ]),
  },
  {
    id: 'managed-policies',
    meaning: 'No role carries a policy that AWS writes and widens.',
    types: [ROLE],
    test: ({ properties }) =>
      list(properties.ManagedPolicyArns)
        .filter((arn) => /:iam::aws:policy/.test(`${arn}`))
        .map((arn) => `${arn} is attached, expected statements of the lake's own`),
  },
  {
    id: 'trust',
    meaning: 'A role is taken on by a service of this account, or by its people with a second factor.',
    types: [ROLE],
    test: (role) =>
      trustStatements(role)
        .filter((it) => it.Effect === 'Allow')
        .flatMap(trustProblems),
  },
  {
    id: 'people-only-read',
    meaning: 'People write nothing but the results of their queries.',
    types: ['AWS::IAM::Policy'],
    test: (policy, lake) => {
      if (!list(policy.properties.Roles).some((role) => isForPeople(lake.target(role)))) return undefined;
      return allowed(policy).flatMap((it) => {
        const writing = actions(it).filter((action) => /^s3:(Put|Delete|Abort|Replicate|Restore)/.test(action));
        return resources(it)
          .filter((resource) => writing.length > 0 && !isQueryResults(lake.target(resource), lake))
          .map((resource) => `${writing.join(', ')} on ${resource}, expected people to read alone`);
      });
    },
  },
  {
    id: 'people-list-own',
    meaning: 'People list a zone within the prefixes that they read.',
    types: ['AWS::IAM::Policy'],
    test: (policy, lake) =>
      !list(policy.properties.Roles).some((role) => isForPeople(lake.target(role)))
        ? undefined
        : allowed(policy)
            .filter((it) => actions(it).includes('s3:ListBucket') && !isBoundBy(it, ['s3:prefix']))
            .map((it) => `s3:ListBucket on ${resources(it).join(', ')}, expected a condition on s3:prefix`),
  },
  {
    id: 'athena-own-groups',
    meaning: 'Queries are asked by the workgroups of the lake, which have limits.',
    types: IDENTITIES,
    test: (policy, lake) =>
      allowed(policy)
        .filter((it) => actions(it).includes('athena:StartQueryExecution'))
        .flatMap(resources)
        .filter((arn) => !lake.ofType(GROUP).some((it) => lake.means(arn.split(':workgroup/')[1] ?? arn, it)))
        .map((arn) => `athena:StartQueryExecution on ${arn}, expected a workgroup of the lake`),
  },
  {
    id: 'session',
    meaning: 'Nobody stays in a role for more than eight hours.',
    types: [ROLE],
    test: ({ properties }) =>
      expectNumber({ MaxSessionDuration: 3600, ...properties }, 'MaxSessionDuration', 3600, 8 * 3600),
  },
  {
    id: 'service-grants',
    meaning: 'What a resource grants to a service holds for this account alone, and nothing is granted to everybody.',
    types: GUARDED.filter((type) => type !== 'AWS::KMS::Key'),
    test: (policy) =>
      allowed(policy).flatMap((it) =>
        all(
          isOpenToAll(it)
            ? `${actions(it).join(', ')} is granted to everybody, expected a service or a role`
            : undefined,
          writes(it) && principals(it, 'Service').length > 0 && !isBoundBy(it, SOURCE) && !refusesOtherAccounts(policy)
            ? `${JSON.stringify(it.Principal)} is let in for any account, expected aws:SourceAccount or aws:SourceArn`
            : undefined,
        ),
      ),
  },
];

function allowed(policy: Placed): Statement[] {
  return [...identityStatements(policy), ...resourceStatements(policy)].filter(({ Effect }) => Effect === 'Allow');
}

/** Whether an ARN leaves open its service, region or account, or all that comes after its kind. */
function isWide(resource: string): boolean {
  if (resource === '*') return true;
  if (!resource.startsWith('arn:')) return false;
  const parts = resource.replaceAll(/<[^>]*>/g, 'given').split(':');
  const rest = parts.slice(5).join(':');
  return parts.slice(2, 5).some((part) => part.includes('*')) || /^\*|^[a-z-]+[/:]\*$/.test(rest);
}

function trustProblems(statement: Statement): string[] {
  const services = principals(statement, 'Service').filter((it) => TELLS_SOURCE.includes(it));
  const people = principals(statement, 'AWS');
  const strangers = people.filter((it) => it === '*' || /arn:aws:iam::\d{12}|^\d{12}$/.test(it));
  return all(
    services.length > 0 && !isBoundBy(statement, SOURCE)
      ? `${services.join(', ')} takes the role on for any account, expected aws:SourceAccount`
      : undefined,
    strangers.length > 0 ? `${strangers.join(', ')} may take the role on, expected this account alone` : undefined,
    people.length > 0 && statement.Condition?.Bool?.['aws:MultiFactorAuthPresent'] !== 'true'
      ? 'people take the role on without a second factor, expected aws:MultiFactorAuthPresent'
      : undefined,
  );
}

/** Whether the grant changes something: a service that reads the access list of a bucket learns nothing from it. */
function writes(statement: Statement): boolean {
  return actions(statement).some((action) => !/:(Get|List)/.test(action));
}

/** Whether the policy refuses services of AWS that act for another account. */
function refusesOtherAccounts(policy: Placed): boolean {
  return resourceStatements(policy).some(
    (it) =>
      it.Effect === 'Deny' &&
      isOpenToAll(it) &&
      actions(it).includes('s3:PutObject') &&
      it.Condition?.Bool?.['aws:PrincipalIsAWSService'] === 'true' &&
      it.Condition.StringNotEquals?.['aws:SourceAccount'] === '<AWS::AccountId>',
  );
}

function isForPeople(role: Placed | undefined): boolean {
  return role?.type === ROLE && trustStatements(role).some((it) => principals(it, 'AWS').length > 0);
}

/** Whether a workgroup of Athena writes its results to this bucket. */
function isQueryResults(bucket: Placed | undefined, lake: Lake): boolean {
  return lake.ofType(GROUP).some((group) => bucket !== undefined && lake.target(resultsOf(group)) === bucket);
}
