import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../proof/access/conditions.ts';
import { type Caller, isAllowed } from '../../proof/access/evaluate.ts';
import { statementsOf } from '../../proof/access/statement.ts';

const OWN = '111122223333';
const OTHER = '444455556666';
const ARN = `arn:aws:iam::${OWN}:role/reader`;
const OBJECT = 'arn:aws:s3:::lake/bookings/file';

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/bookings/*' };

interface Situation {
  readonly identity?: readonly object[];
  readonly policy?: readonly object[];
  readonly caller?: Partial<Caller>;
  readonly context?: Context;
  readonly mustAgree?: boolean;
  readonly action?: string;
  readonly resource?: string;
}

function mayRead({ identity = [], policy = [], caller, context = {}, mustAgree = false, ...rest }: Situation): boolean {
  const who = { arn: ARN, account: OWN, ...caller, identity: parsed(identity) };
  const { action = 's3:GetObject', resource = OBJECT } = rest;
  return isAllowed({ caller: who, action, resource, context }, { account: OWN, policy: parsed(policy), mustAgree });
}

function parsed(statements: readonly object[]) {
  return statements.length === 0 ? [] : statementsOf({ Statement: statements });
}

const to = (principal: unknown, effect = 'Allow') => ({ ...READ, Effect: effect, Principal: principal });
const root = { AWS: `arn:aws:iam::${OWN}:root` };
const stranger = { arn: `arn:aws:iam::${OTHER}:role/x`, account: OTHER };
const nobody = { arn: undefined, account: undefined } as unknown as Partial<Caller>;

test.each<[string, boolean, Situation]>([
  ['nothing is allowed by nobody', false, {}],
  ['a policy of the role is enough in its account', true, { identity: [READ] }],
  ['a policy of the bucket is enough in its account', true, { policy: [to({ AWS: ARN })] }],
  ["the account's name in a policy of the bucket is not", false, { policy: [to(root)] }],
  ['a deny of the bucket wins', false, { identity: [READ], policy: [to('*', 'Deny')] }],
  ['a deny that names the account holds for its roles', false, { identity: [READ], policy: [to(root, 'Deny')] }],
  [
    'a deny that leaves out the role does not hold for it',
    true,
    {
      identity: [READ],
      policy: [{ ...READ, Effect: 'Deny', NotPrincipal: { AWS: [ARN, root.AWS] } }],
    },
  ],
  ['another account needs both', false, { identity: [READ], caller: stranger }],
  ['another account with both is let in', true, { identity: [READ], caller: stranger, policy: [to({ AWS: OTHER })] }],
  ['another account needs a policy of its own', false, { caller: stranger, policy: [to('*')] }],
  ['anyone is let in by a policy for everyone', true, { caller: nobody, policy: [to('*')] }],
  ['anyone is not let in by a policy for an account', false, { caller: nobody, policy: [to(root)] }],
  [
    'a service is let in by its name',
    true,
    {
      caller: { ...nobody, service: 's3.amazonaws.com' },
      policy: [to({ Service: 's3.amazonaws.com' })],
    },
  ],
  ['a key counts no policy but its own', false, { identity: [READ], mustAgree: true }],
  [
    'a key that leaves it to the account counts the others',
    true,
    { identity: [READ], policy: [to(root)], mustAgree: true },
  ],
  ['an action is the same in any case', true, { identity: [{ ...READ, Action: 'S3:getobject' }] }],
  ['a resource is not', false, { identity: [{ ...READ, Resource: 'arn:aws:s3:::lake/Bookings/*' }] }],
  ['NotAction is every other action', true, { identity: [{ Effect: 'Allow', NotAction: 's3:Put*', Resource: '*' }] }],
  [
    'NotResource is every other resource',
    false,
    {
      identity: [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::lake/*' }],
    },
  ],
  ['a question mark is one character', true, { identity: [{ ...READ, Resource: 'arn:aws:s3:::lake/bookings/fil?' }] }],
  ['a dot is a dot', false, { identity: [{ ...READ, Resource: 'arn.aws:s3:::lake/bookings/file' }] }],
])('%s', (_, expected, situation) => {
  expect(mayRead(situation)).toBe(expected);
});

/** Condition, what is known of the request, whether it holds. */
test.each<[object, Context, boolean]>([
  [{ StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, true],
  [{ StringEquals: { k: 'a' } }, { k: 'A' }, false],
  [{ StringEquals: { K: 'a' } }, { k: 'a' }, true],
  [{ StringEqualsIgnoreCase: { k: 'a' } }, { k: 'A' }, true],
  [{ StringEquals: { k: 'a' } }, {}, false],
  [{ StringEqualsIfExists: { k: 'a' } }, {}, true],
  [{ StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }, false],
  [{ StringNotEquals: { k: 'a' } }, {}, true],
  [{ StringLike: { k: 'a/*' } }, { k: 'a/b/c' }, true],
  [{ StringLike: { k: 'a/*' } }, { k: 'a' }, false],
  [{ StringNotLike: { k: 'a*' } }, { k: 'ab' }, false],
  [{ ArnLike: { k: 'arn:aws:s3:::*' } }, { k: 'arn:aws:s3:::lake' }, true],
  [{ ArnLike: { k: 'arn:*:lake' } }, { k: 'arn:aws:s3:::lake' }, false],
  [{ Bool: { k: 'true' } }, { k: 'true' }, true],
  [{ Bool: { k: 'false' } }, {}, false],
  [{ BoolIfExists: { k: 'false' } }, {}, true],
  [{ Null: { k: 'true' } }, {}, true],
  [{ Null: { k: 'false' } }, {}, false],
  [{ Null: { k: 'false' } }, { k: 'x' }, true],
  [{ NumericLessThan: { k: 1.2 } }, { k: '1.1' }, true],
  [{ NumericLessThan: { k: 1.2 } }, { k: '1.2' }, false],
  [{ NumericLessThan: { k: 1.2 } }, {}, false],
  [{ 'ForAnyValue:StringEquals': { k: ['a'] } }, { k: ['a', 'c'] }, true],
  [{ 'ForAnyValue:StringEquals': { k: ['a'] } }, {}, false],
  [{ 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'c'] }, false],
  [{ 'ForAllValues:StringEquals': { k: ['a'] } }, {}, true],
  [{ StringEquals: { k: 'a' }, Bool: { l: 'true' } }, { k: 'a', l: 'false' }, false],
])('%j over %j is %s', (condition, context, expected) => {
  expect(mayRead({ identity: [{ ...READ, Condition: condition }], context })).toBe(expected);
});

test.each([
  ['an unknown operator', { ...READ, Condition: { DateLessThan: { k: '2026-01-01' } } }, /operator 'DateLessThan'/],
  ['an unknown part', { ...READ, Wish: '*' }, /a statement with 'Wish'/],
  ['an unknown effect', { ...READ, Effect: 'Maybe' }, /effect "Maybe", expected Allow or Deny/],
  [
    'a policy variable',
    { ...READ, Resource: `arn:aws:s3:::lake/$\{aws:username}/*` },
    /policy variable \$\{aws:username\}/,
  ],
  ['a federated principal', { ...READ, Principal: { Federated: 'x' } }, /principal of kind 'Federated'/],
  ['an unresolved value', { ...READ, Resource: { Ref: 'Lake' } }, /holds \{"Ref":"Lake"\}/],
])('fails on %s rather than guess', (_, statement, message) => {
  expect(() => mayRead({ identity: [statement] })).toThrow(message);
});

const parts = {
  Action: fc.constantFrom('s3:GetObject', 's3:*', '*', 's3:Put*'),
  Resource: fc.constantFrom('*', 'arn:aws:s3:::lake/*', OBJECT, 'arn:aws:s3:::other/*'),
};
const principal = fc.constantFrom<unknown>('*', { AWS: ARN }, root, { AWS: OTHER }, { Service: 's3.amazonaws.com' });
const condition = fc.constantFrom({}, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } });
const effect = fc.constantFrom('Allow', 'Deny');
const identityStatement = fc
  .tuple(fc.record({ Effect: effect, ...parts }), condition)
  .map(([it, more]) => ({ ...it, ...more }));
const policyStatement = fc
  .tuple(fc.record({ Effect: effect, ...parts, Principal: principal }), condition)
  .map(([it, more]) => ({ ...it, ...more }));
const situation = fc.record({
  identity: fc.array(identityStatement, { maxLength: 4 }),
  policy: fc.array(policyStatement, { maxLength: 4 }),
  caller: fc.constantFrom({}, stranger, nobody),
  context: fc.constantFrom<Context>({ 'aws:securetransport': 'true' }, { 'aws:securetransport': 'false' }),
  mustAgree: fc.boolean(),
});

describe('whatever the policies say', () => {
  test('one more deny never allows more', () => {
    fc.assert(
      fc.property(situation, policyStatement, identityStatement, (it, more, own) => {
        const policy = [...it.policy, { ...more, Effect: 'Deny' }];
        const identity = [...it.identity, { ...own, Effect: 'Deny' }];
        fc.pre(mayRead({ ...it, policy }) || mayRead({ ...it, identity }));
        expect(mayRead(it)).toBe(true);
      }),
    );
  });

  test('one more allow never allows less', () => {
    fc.assert(
      fc.property(situation, policyStatement, (it, more) => {
        fc.pre(mayRead(it));
        expect(mayRead({ ...it, policy: [...it.policy, { ...more, Effect: 'Allow' }] })).toBe(true);
      }),
    );
  });

  test('nothing is allowed without TLS where the bucket refuses that', () => {
    const refusal = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
    const guarded = { ...refusal, Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    fc.assert(
      fc.property(situation, (it) => {
        const context = { 'aws:securetransport': 'false' };
        expect(mayRead({ ...it, context, policy: [...it.policy, guarded] })).toBe(false);
      }),
    );
  });

  test('the order of statements says nothing', () => {
    fc.assert(
      fc.property(situation, (it) => {
        const turned = { ...it, identity: it.identity.toReversed(), policy: it.policy.toReversed() };
        expect(mayRead(turned)).toBe(mayRead(it));
      }),
    );
  });

  test('a stranger without a policy of the bucket is never let in', () => {
    fc.assert(
      fc.property(situation, fc.constantFrom(stranger, nobody), (it, caller) => {
        expect(mayRead({ ...it, caller, policy: [] })).toBe(false);
      }),
    );
  });
});
