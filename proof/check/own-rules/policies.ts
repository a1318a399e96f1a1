/** The statements of every policy, wherever a resource carries one. */
import type { Placed } from '../lake.ts';
import { at, list } from './rule.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Where the policies of a type stand, and whether they say what their bearer may do or who may come to it. */
const DOCUMENTS: Readonly<
  Record<string, { readonly identity?: readonly string[]; readonly resource?: readonly string[] }>
> = {
  'AWS::IAM::Policy': { identity: ['PolicyDocument'] },
  'AWS::IAM::ManagedPolicy': { identity: ['PolicyDocument'] },
  'AWS::IAM::RolePolicy': { identity: ['PolicyDocument'] },
  'AWS::S3::BucketPolicy': { resource: ['PolicyDocument'] },
  'AWS::SQS::QueuePolicy': { resource: ['PolicyDocument'] },
  'AWS::SNS::TopicPolicy': { resource: ['PolicyDocument'] },
  'AWS::KMS::Key': { resource: ['KeyPolicy'] },
  'AWS::SecretsManager::ResourcePolicy': { resource: ['ResourcePolicy'] },
  'AWS::SageMaker::ModelPackageGroup': { resource: ['ModelPackageGroupPolicy'] },
};

/** Types whose policies say what their bearer may do. */
export const IDENTITIES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::Role'];
/** Types whose policies say who may come to them. */
export const GUARDED = Object.keys(DOCUMENTS).filter((type) => DOCUMENTS[type]?.resource !== undefined);

/** What the bearer may do. */
export function identityStatements({ type, properties }: Placed): Statement[] {
  if (type === 'AWS::IAM::Role') return list(properties.Policies).flatMap((it) => statements(at(it, 'PolicyDocument')));
  return (DOCUMENTS[type]?.identity ?? []).flatMap((path) => statements(at(properties, path)));
}

/** Who may come to the resource, and for what. */
export function resourceStatements({ type, properties }: Placed): Statement[] {
  return (DOCUMENTS[type]?.resource ?? []).flatMap((path) => statements(at(properties, path)));
}

/** Who may take on the role. */
export function trustStatements({ properties }: Placed): Statement[] {
  return statements(properties.AssumeRolePolicyDocument);
}

function statements(document: unknown): Statement[] {
  return list(at(document, 'Statement')) as Statement[];
}

/** Names of the principals of a kind; `*` alone is of every kind. */
export function principals({ Principal: principal }: Statement, kind: 'AWS' | 'Service' | 'Federated'): string[] {
  if (typeof principal === 'string') return [principal];
  return list(at(principal, kind)).map(String);
}

export function isOpenToAll(statement: Statement): boolean {
  return statement.NotPrincipal !== undefined || principals(statement, 'AWS').includes('*');
}

export function actions({ Action: action }: Statement): string[] {
  return list(action).map(String);
}

export function resources({ Resource: resource }: Statement): string[] {
  return list(resource).map(String);
}

/** Whether the statement holds only under a condition on one of these keys, whatever its operator but "not" or "if exists". */
export function isBoundBy({ Condition: condition = {} }: Statement, keys: readonly string[]): boolean {
  return Object.entries(condition).some(
    ([operator, tested]) =>
      !/Not|IfExists|Null/.test(operator) &&
      Object.entries(tested).some(
        ([key, value]) => keys.includes(key) && !list(value).includes('*') && list(value).length > 0,
      ),
  );
}

/** Whether the statement refuses everybody what does not come by TLS. */
export function refusesPlainText(statement: Statement, action: string): boolean {
  return (
    statement.Effect === 'Deny' &&
    isOpenToAll(statement) &&
    actions(statement).includes(action) &&
    list(statement.Condition?.Bool?.['aws:SecureTransport']).map(String).includes('false')
  );
}
