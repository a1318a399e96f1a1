import type { Placed } from '../lake.ts';
import { actions, isBoundBy, isOpenToAll, principals, resourceStatements, type Statement } from './policies.ts';
import { all, expectNumber, expectValue, type Rule } from './rule.ts';

const KEY = 'AWS::KMS::Key';
const ROOT = /^arn:[^:]+:iam::<AWS::AccountId>:root$/;
/** What binds a service to the account or to one of its resources. */
const BINDING = ['aws:SourceAccount', 'aws:SourceArn', 'kms:EncryptionContext:aws:logs:arn', 'kms:CallerAccount'];

const SERVICE_KEYS = ['kms:GrantIsForAWSResource', 'aws:PrincipalIsAWSService'];

export const keyRules: readonly Rule[] = [
  {
    id: 'key-rotation',
    meaning: 'Every key is renewed at least every 90 days.',
    types: [KEY],
    test: ({ properties }) =>
      properties.KeySpec !== undefined && properties.KeySpec !== 'SYMMETRIC_DEFAULT'
        ? undefined
        : all(
            expectValue(properties, 'EnableKeyRotation', true),
            expectNumber(properties, 'RotationPeriodInDays', 90, 90),
          ),
  },
  {
    id: 'key-waits',
    meaning: 'Every key waits 30 days before it is gone for good.',
    types: [KEY],
    test: ({ properties }) => expectNumber(properties, 'PendingWindowInDays', 30, 30),
  },
  {
    id: 'key-enabled',
    meaning: 'Every key is in use.',
    types: [KEY],
    test: ({ properties }) => (properties.Enabled === false ? 'Enabled is false, expected true' : undefined),
  },
  {
    id: 'key-principal',
    meaning: 'Every key opens to the account, to a role of it, or to a service that is bound to it by a condition.',
    types: [KEY],
    test: (key) =>
      allowed(key)
        .filter(isLoose)
        .map((it) => `${JSON.stringify(it.Principal)} is let in without a bond to the account`),
  },
  {
    id: 'key-grants',
    meaning: 'Nobody but a service of AWS opens a key by a grant, beside its policy.',
    types: [KEY],
    test: (key) =>
      resourceStatements(key).some((it) => it.Effect === 'Deny' && isOpenToAll(it) && refusesGrants(it))
        ? undefined
        : 'no statement refuses kms:CreateGrant to all but services, expected one',
  },
  {
    id: 'key-actions',
    meaning: "Only the account itself has all of a key's actions.",
    types: [KEY],
    test: (key) =>
      allowed(key)
        .filter((it) => actions(it).some((action) => action.includes('*')) && !isRoot(it))
        .map((it) => `${actions(it).join(', ')} is granted to ${JSON.stringify(it.Principal)}, expected exact actions`),
  },
];

function allowed(key: Placed): Statement[] {
  return resourceStatements(key).filter(({ Effect }) => Effect === 'Allow');
}

function refusesGrants(statement: Statement): boolean {
  const { BoolIfExists: tested = {} } = statement.Condition ?? {};
  const isForServices =
    Object.keys(tested).every((it) => SERVICE_KEYS.includes(it)) && !Object.values(tested).includes('true');
  return actions(statement).includes('kms:CreateGrant') && isForServices;
}

function isRoot(statement: Statement): boolean {
  const named = principals(statement, 'AWS');
  return named.length > 0 && named.every((it) => ROOT.test(it));
}

function isLoose(statement: Statement): boolean {
  if (isBoundBy(statement, BINDING)) return false;
  if (statement.NotPrincipal !== undefined || principals(statement, 'Service').length > 0) return true;
  return !principals(statement, 'AWS').every((it) => ROOT.test(it) || it.startsWith('{{'));
}
