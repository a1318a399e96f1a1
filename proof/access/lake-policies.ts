/** Who and what there is in one environment of an assembly, with the policies that say who may do what. */
import { type AssemblyStack, placeOf } from '../assembly.ts';
import { arnOf, physicalName, regionOf, resolver } from './resolve.ts';
import { type Statement, statementsOf } from './statement.ts';

/** Where a thing stands: its construct without the environment, `Storage/Raw`. */
interface Placed {
  readonly path: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly arn: string;
}

export interface LakeRole extends Placed {
  readonly environment: string;
  /** What it may do, by all its policies. */
  readonly identity: readonly Statement[];
  /** Who may take it on. */
  readonly trust: readonly Statement[];
}

/** A key, queue, topic or bucket with its own policy. */
export interface Guarded extends Placed {
  readonly policy: readonly Statement[];
}

export interface LakeBucketPolicy extends Guarded {
  /** Encrypts its objects; none with a key of S3 itself. */
  readonly key?: Guarded;
  /** Whether AWS refuses the public whatever the policy says. */
  readonly refusesPublic: boolean;
}

export interface LakePolicies {
  readonly environment: string;
  readonly region: string;
  readonly roles: readonly LakeRole[];
  readonly buckets: readonly LakeBucketPolicy[];
  readonly queues: readonly Guarded[];
  readonly topics: readonly Guarded[];
  /** As `database/table`. */
  readonly tables: readonly string[];
  readonly workGroups: readonly string[];
}

/** The environments of an assembly, in its order. */
export function lakePolicies(stacks: readonly AssemblyStack[]): LakePolicies[] {
  const within = resolver(stacks);
  const environments = [...new Set(stacks.map(({ environment }) => environment))];
  return environments.map((environment) =>
    policiesOf(
      environment,
      stacks
        .filter((stack) => stack.environment === environment)
        .flatMap((stack) => {
          const resolve = within(stack);
          return Object.entries(stack.template.Resources).map(([logicalId, { Type, Properties }]) => ({
            type: Type,
            stack,
            logicalId,
            resolve: () => Object(resolve(Properties ?? {})) as Readonly<Record<string, unknown>>,
          }));
        }),
    ),
  );
}

interface Resource {
  readonly type: string;
  readonly stack: AssemblyStack;
  readonly logicalId: string;
  readonly resolve: () => Readonly<Record<string, unknown>>;
}

function policiesOf(environment: string, resources: readonly Resource[]): LakePolicies {
  const of = (type: string) => resources.filter((it) => it.type === type);
  const properties = (type: string) => of(type).map(({ resolve }) => resolve());
  const keys = of('AWS::KMS::Key').map((key) => ({ ...placed(key), policy: statementsOf(key.resolve().KeyPolicy) }));
  const guarded = (type: string, policyType: string, list: string) => {
    const policies = properties(policyType);
    return of(type).map((it) => {
      const reference = REFERENCE[type]?.(it) ?? physicalName(it.stack, it.logicalId);
      const own = policies.filter((policy) => [policy[list]].flat().includes(reference));
      return { ...placed(it), policy: own.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument)) };
    });
  };
  const buckets = guarded('AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket');
  return {
    environment,
    region: resources[0] === undefined ? '' : regionOf(resources[0].stack),
    roles: of('AWS::IAM::Role').map((role) => roleOf(environment, role, resources)),
    buckets: of('AWS::S3::Bucket').flatMap((bucket, index) => {
      const found = buckets[index];
      return found === undefined ? [] : [{ ...found, ...protectionOf(bucket.resolve(), keys) }];
    }),
    queues: guarded('AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'),
    topics: guarded('AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'),
    tables: properties('AWS::Glue::Table').map(
      ({ DatabaseName, TableInput }) => `${DatabaseName}/${Object(TableInput).Name}`,
    ),
    workGroups: properties('AWS::Athena::WorkGroup').map(({ Name }) => `${Name}`),
  };
}

/** What a policy names the thing by, where that is not its name. */
const REFERENCE: Readonly<Record<string, (resource: Resource) => string>> = {
  'AWS::SNS::Topic': ({ stack, logicalId }) => arnOf(stack, logicalId),
};

function placed({ stack, logicalId }: Resource): Placed {
  return { path: constructPath(stack, logicalId), stack: stack.name, logicalId, arn: arnOf(stack, logicalId) };
}

/** A construct without its environment: `Storage/Raw`. */
export function constructPath(stack: AssemblyStack, logicalId: string): string {
  const [, ...words] = placeOf(stack, logicalId).split('/');
  return words.join('/').replace(/\/Resource$/, '');
}

/** A policy of AWS's own is not in the template, and what it allows is not known here. */
function roleOf(environment: string, role: Resource, resources: readonly Resource[]): LakeRole {
  const { Policies, ManagedPolicyArns, AssumeRolePolicyDocument, PermissionsBoundary } = role.resolve();
  if (PermissionsBoundary !== undefined) {
    throw new Error(`${placeOf(role.stack, role.logicalId)} has a permissions boundary, which is not modelled`);
  }
  const arns = [ManagedPolicyArns ?? []].flat().map(String);
  const name = physicalName(role.stack, role.logicalId);
  const attached = resources.flatMap((it) => {
    if (!ATTACHED.has(it.type)) return [];
    const { Roles, PolicyDocument } = it.resolve();
    const isIts = [Roles ?? []].flat().includes(name) || arns.includes(arnOf(it.stack, it.logicalId));
    return isIts ? [{ arn: arnOf(it.stack, it.logicalId), document: PolicyDocument }] : [];
  });
  const foreign = arns.find((arn) => !attached.some((it) => it.arn === arn));
  if (foreign !== undefined) {
    throw new Error(
      `${placeOf(role.stack, role.logicalId)} carries ${foreign}, expected policies of the template alone`,
    );
  }
  const inline = [Policies ?? []].flat().map((policy) => Object(policy).PolicyDocument);
  return {
    ...placed(role),
    environment,
    identity: [...inline, ...attached.map(({ document }) => document)].flatMap(statementsOf),
    trust: statementsOf(AssumeRolePolicyDocument),
  };
}

const ATTACHED = new Set(['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy']);

function protectionOf(properties: Readonly<Record<string, unknown>>, keys: readonly Guarded[]) {
  const { BucketEncryption, PublicAccessBlockConfiguration } = properties;
  const [rule] = [Object(BucketEncryption).ServerSideEncryptionConfiguration ?? []].flat();
  const keyArn = Object(Object(rule).ServerSideEncryptionByDefault).KMSMasterKeyID;
  const key = keys.find(({ arn }) => arn === keyArn);
  const { RestrictPublicBuckets } = Object(PublicAccessBlockConfiguration);
  return { ...(key && { key }), refusesPublic: RestrictPublicBuckets === true };
}

/** A user of the account, who may ask for everything: only what guards itself stops it. */
export function userOf(account: string): {
  readonly arn: string;
  readonly account: string;
  readonly identity: Statement[];
} {
  const everything = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
  return { arn: `arn:aws:iam::${account}:user/someone`, account, identity: statementsOf(everything) };
}
