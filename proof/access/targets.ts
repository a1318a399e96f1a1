/** What can be asked of a lake: every place, key, table, workgroup, parameter, queue, topic and role, and what for. */
import type { Guard } from './evaluate.ts';
import type { Guarded, LakeBucketPolicy, LakePolicies } from './lake-policies.ts';
import { ACCOUNT } from './resolve.ts';
import type { Statement } from './statement.ts';

/**
 * What someone may want, in the words of `docs/access.md`. Of an object: read, write, list, remove, and remove for good
 * (a version); of a bucket: its policy.
 */
export type Verb =
  | 'read'
  | 'write'
  | 'list'
  | 'remove'
  | 'remove version'
  | 'read policy'
  | 'change policy'
  | 'decrypt'
  | 'encrypt'
  | 'destroy'
  | 'see'
  | 'query'
  | 'use'
  | 'send'
  | 'receive'
  | 'publish'
  | 'take on';

/** One request to AWS. */
export interface Ask {
  readonly action: string;
  readonly resource: string;
  readonly guard: Guard;
  readonly context?: Readonly<Record<string, string>>;
  /** Refuses whoever has no account, whatever the policy says. */
  readonly refusesPublic?: boolean;
}

/** One thing to be wanted of one target. */
export interface Question {
  readonly verb: Verb;
  /** `raw/bookings`, `key of raw`, `table laketwin/bookings`, `Access/Marketing`: the same in every environment. */
  readonly target: string;
  /** Each way to get it, and the requests that all have to be allowed for it. */
  readonly ways: readonly (readonly Ask[])[];
  /** Whether the service answers without TLS, or by an old one, unless a policy refuses. */
  readonly transports: 'any' | 'old TLS refused by AWS' | 'TLS 1.2 alone';
  /** Construct that a difference is reported at. */
  readonly at: { readonly stack: string; readonly logicalId: string };
}

/** Stands for every prefix that nobody named. */
export const ELSEWHERE = '(anything else)';

export function questionsOf(lake: LakePolicies, declared: readonly string[]): Question[] {
  return [
    ...lake.buckets.flatMap((bucket) => ofBucket(bucket, lake, declared)),
    ...tablesOf(lake).map((table) => ofTable(table, lake)),
    ...lake.workGroups.map((name) => ofWorkGroup(name, lake)),
    ...parametersOf(lake).map((arn) => ofParameter(arn, lake)),
    ...lake.queues.flatMap((queue) => [
      ofGuarded(queue, 'queue', 'send', 'sqs:SendMessage'),
      ofGuarded(queue, 'queue', 'receive', 'sqs:ReceiveMessage'),
    ]),
    ...lake.topics.map((topic) => ofGuarded(topic, 'topic', 'publish', 'sns:Publish')),
    ...lake.roles.map((role): Question => {
      const guard = { account: ACCOUNT, policy: role.trust, mustAgree: true };
      const ways = [[{ action: 'sts:AssumeRole', resource: role.arn, guard }]];
      return { verb: 'take on', target: `role ${role.path}`, ways, transports: 'TLS 1.2 alone', at: role };
    }),
  ];
}

/** `raw` for `Storage/Raw`, `query-results` for `Storage/QueryResults`, `audit` for `Observability/Audit/Files`. */
export function storeName({ path }: { readonly path: string }): string {
  const words = path.split('/').slice(1);
  const word = words.at(-1) === 'Files' ? words.at(-2) : words.join('-');
  return (word ?? path).replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function ofBucket(bucket: LakeBucketPolicy, lake: LakePolicies, declared: readonly string[]): Question[] {
  const store = storeName(bucket);
  const prefixes = new Set([
    ...declared.flatMap((place) => (place.startsWith(`${store}/`) ? [place.slice(store.length + 1)] : [])),
    ...prefixesIn(bucket, lake),
    ELSEWHERE,
  ]);
  const at = bucket;
  const guard: Guard = { account: ACCOUNT, policy: bucket.policy };
  const { refusesPublic, key } = bucket;
  const of = (target: string, verb: Verb, asks: readonly Ask[]): Question => {
    return { verb, target, ways: [asks], transports: 'any', at };
  };
  const whole = (action: string): Ask => ({ action, resource: bucket.arn, guard, refusesPublic });
  const places = [...prefixes].sort().flatMap((prefix) => {
    const target = `${store}/${prefix}`;
    const folder = prefix === ELSEWHERE ? '' : `${prefix.replaceAll('*', 'any').replace('<account>', ACCOUNT)}/`;
    const resource = `${bucket.arn}/${folder || 'anything-else/'}some-file`;
    const object = (action: string): Ask => ({ action, resource, guard, refusesPublic });
    const withKey = (action: string) => (key === undefined ? [] : [ofKey(key, action, lake, bucket)]);
    return [
      of(target, 'read', [object('s3:GetObject'), ...withKey('kms:Decrypt')]),
      of(target, 'write', [object('s3:PutObject'), ...withKey('kms:GenerateDataKey')]),
      of(target, 'list', [{ ...whole('s3:ListBucket'), context: { 's3:prefix': folder } }]),
      of(target, 'remove', [object('s3:DeleteObject')]),
      of(target, 'remove version', [object('s3:DeleteObjectVersion')]),
    ];
  });
  const keys = Object.entries(key === undefined ? {} : KEY_ACTIONS).flatMap(([verb, action]): Question[] => {
    if (key === undefined) return [];
    const ways = [[ofKey(key, action, lake)]];
    return [{ verb: verb as Verb, target: `key of ${store}`, ways, transports: 'TLS 1.2 alone', at: key }];
  });
  return [
    ...places,
    of(store, 'read policy', [whole('s3:GetBucketPolicy')]),
    of(store, 'change policy', [whole('s3:PutBucketPolicy')]),
    ...keys,
  ];
}

const KEY_ACTIONS = { decrypt: 'kms:Decrypt', encrypt: 'kms:GenerateDataKey', destroy: 'kms:ScheduleKeyDeletion' };

/** S3 asks for the key in the name of whoever asked S3, and says so; with a key for a whole bucket it names that. */
function ofKey(key: Guarded, action: string, { region }: LakePolicies, bucket?: LakeBucketPolicy): Ask {
  const context = bucket && {
    'kms:viaservice': `s3.${region}.amazonaws.com`,
    'kms:calleraccount': ACCOUNT,
    'kms:encryptioncontext:aws:s3:arn': bucket.arn,
  };
  const guard = { account: ACCOUNT, policy: key.policy, mustAgree: true };
  return { action, resource: key.arn, guard, ...(context && { context }) };
}

/** Prefixes that any policy allows something under, and that any may list. */
function prefixesIn({ arn, policy }: LakeBucketPolicy, { roles }: LakePolicies): string[] {
  const statements = [...policy, ...roles.flatMap(({ identity }) => identity)].filter(
    ({ effect }) => effect === 'Allow',
  );
  const objects = allowedResources(statements).flatMap((text) =>
    text.startsWith(`${arn}/`) ? [text.slice(arn.length + 1)] : [],
  );
  const listed = statements
    .filter(({ resources }) => resources?.matches(arn))
    .flatMap(({ conditions }) => conditions.flatMap(({ key, values }) => (key === 's3:prefix' ? values : [])));
  return [...objects, ...listed]
    .map((text) => text.replace(/[/*]+$/, '').replace(ACCOUNT, '<account>'))
    .filter((text) => text !== '');
}

function allowedResources(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ resources }) => (resources?.isNegated === false ? resources.texts : []));
}

/** Of the templates, and those that a policy allows beyond them. */
function tablesOf({ tables, roles }: LakePolicies): string[] {
  const allowed = allowedResources(roles.flatMap(({ identity }) => identity));
  const patterns = allowed.flatMap((text) => /:table\/([^/]+\/.+)$/.exec(text)?.[1] ?? []);
  const beyond = patterns.filter((pattern) => !pattern.endsWith('/*') && !tables.includes(pattern));
  return [...new Set([...tables, ...beyond])];
}

/** AWS asks for the catalog, the database and the table alike. A list of tables shows as much as one table does. */
function ofTable(table: string, lake: LakePolicies): Question {
  const [database = ''] = table.split('/');
  const place = `arn:aws:glue:${lake.region}:${ACCOUNT}`;
  const resources = [`${place}:catalog`, `${place}:database/${database}`];
  const named = `${place}:table/${table.replaceAll('*', 'any')}`;
  const ways = ['glue:GetTable', 'glue:GetTables'].map((action) =>
    [...resources, named].map((resource): Ask => ({ action, resource, guard: { account: ACCOUNT } })),
  );
  return { verb: 'see', target: `table ${plain(table, lake)}`, ways, transports: 'TLS 1.2 alone', at: wholeOf(lake) };
}

function ofWorkGroup(name: string, lake: LakePolicies): Question {
  const resource = `arn:aws:athena:${lake.region}:${ACCOUNT}:workgroup/${name}`;
  const ways = [[{ action: 'athena:StartQueryExecution', resource, guard: { account: ACCOUNT } }]];
  return {
    verb: 'query',
    target: `workgroup ${plain(name, lake)}`,
    ways,
    transports: 'TLS 1.2 alone',
    at: wholeOf(lake),
  };
}

/** Parameters are no part of a template, so that their value is in none: policies alone name them. */
function parametersOf({ roles }: LakePolicies): string[] {
  const allowed = allowedResources(roles.flatMap(({ identity }) => identity));
  return [...new Set(allowed.filter((text) => text.startsWith('arn:aws:ssm:')))];
}

function ofParameter(arn: string, lake: LakePolicies): Question {
  const ways = [[{ action: 'ssm:GetParameter', resource: arn, guard: { account: ACCOUNT } }]];
  const name = arn.replace(/^.*:parameter/, '').replace(`/${lake.environment}/`, '/');
  return { verb: 'use', target: `parameter ${name}`, ways, transports: 'TLS 1.2 alone', at: wholeOf(lake) };
}

function ofGuarded(guarded: Guarded, kind: string, verb: Verb, action: string): Question {
  const guard = { account: ACCOUNT, policy: guarded.policy };
  const ways = [[{ action, resource: guarded.arn, guard }]];
  return { verb, target: `${kind} ${guarded.path}`, ways, transports: 'old TLS refused by AWS', at: guarded };
}

function wholeOf({ roles }: LakePolicies): Question['at'] {
  return { stack: roles[0]?.stack ?? '', logicalId: '' };
}

/** A name as it is in every environment. */
function plain(name: string, { environment }: LakePolicies): string {
  return name.replace(new RegExp(`[-_]${environment}(?![a-z])`), '');
}
