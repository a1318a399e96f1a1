/** Who may do what in each environment of an assembly: every caller, every question, every transport. */
import type { AssemblyStack } from '../assembly.ts';
import { type Caller, isAllowed } from './evaluate.ts';
import { type LakePolicies, type LakeRole, lakePolicies, userOf } from './lake-policies.ts';
import { ACCOUNT } from './resolve.ts';
import { type Ask, type Question, questionsOf } from './targets.ts';

export const TRANSPORTS = ['TLS 1.2', 'TLS 1.1', 'no TLS'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** One who asks, in one environment of the lake. */
export interface Asker {
  /** `role Access/Marketing`, `anyone`, `service s3.amazonaws.com for another account`. */
  readonly name: string;
  readonly kind: 'role' | 'role of another environment' | 'outsider' | 'user' | 'service';
  readonly role?: LakeRole;
  readonly caller: Caller;
  /** What AWS knows of the asker beside the caller; any one of these may be so. */
  readonly contexts: readonly Readonly<Record<string, string>>[];
  /** Whether the public is taken to be let in, were it not refused by a setting of the bucket. */
  readonly passesPublicBlock?: boolean;
}

export interface Cell {
  readonly environment: string;
  readonly asker: Asker;
  readonly question: Question;
  readonly transport: Transport;
  readonly isAllowed: boolean;
}

/** One request of a cell, as an evaluator takes it. */
export interface CellRequest {
  readonly ask: Ask;
  readonly context: Readonly<Record<string, string>>;
}

export const OTHER_ACCOUNT = '444455556666';

/** The whole matrix. `declared` are places that are asked for whether or not a policy names them. */
export function accessMatrix(stacks: readonly AssemblyStack[], declared: readonly string[]): Cell[] {
  const lakes = lakePolicies(stacks);
  return lakes.flatMap((lake) => {
    const askers = askersOf(lake, lakes);
    return questionsOf(lake, declared).flatMap((question) =>
      askers
        .filter((asker) => isAsked(asker, question))
        .flatMap((asker) =>
          transportsOf(question).map((transport) => {
            const isAllowed = mayDo(asker, question, transport);
            return { environment: lake.environment, asker, question, transport, isAllowed };
          }),
        ),
    );
  });
}

/** A user of the account without a role of the lake is an administrator's matter, but for who may take on a role. */
export function isAsked({ kind }: Asker, { verb }: Question): boolean {
  return kind !== 'user' || verb === 'take on';
}

export function transportsOf({ transports }: Question): readonly Transport[] {
  if (transports === 'any') return TRANSPORTS;
  return transports === 'TLS 1.2 alone' ? ['TLS 1.2'] : ['TLS 1.2', 'no TLS'];
}

function mayDo(asker: Asker, question: Question, transport: Transport): boolean {
  return question.ways.some((asks) =>
    asker.contexts.some((known) => asks.every((ask) => isGranted(asker, requestOf(asker, ask, transport, known)))),
  );
}

/** What AWS knows of a request. */
export function requestOf(
  { caller }: Asker,
  ask: Ask,
  transport: Transport,
  known: Readonly<Record<string, string>>,
): CellRequest {
  return {
    ask,
    context: {
      'aws:securetransport': `${transport !== 'no TLS'}`,
      ...(transport !== 'no TLS' && ask.action.startsWith('s3:') && { 's3:tlsversion': transport.slice(4) }),
      'aws:principalisawsservice': `${caller.service !== undefined}`,
      ...(caller.arn !== undefined && { 'aws:principalarn': caller.arn }),
      ...(caller.account !== undefined && { 'aws:principalaccount': caller.account }),
      ...known,
      ...ask.context,
    },
  };
}

function isGranted(asker: Asker, { ask, context }: CellRequest): boolean {
  const { caller } = asker;
  const isPublic = caller.account !== ACCOUNT && caller.service === undefined;
  if (isPublic && ask.refusesPublic === true && asker.passesPublicBlock !== true) return false;
  const { action, resource, guard } = ask;
  return isAllowed({ caller, action, resource, context }, guard);
}

export function askersOf(lake: LakePolicies, lakes: readonly LakePolicies[]): Asker[] {
  const plain = [{}];
  const roleAsker = (role: LakeRole): Asker => ({
    name: role.environment === lake.environment ? `role ${role.path}` : `role ${role.path} of ${role.environment}`,
    kind: role.environment === lake.environment ? 'role' : 'role of another environment',
    role,
    caller: { arn: role.arn, account: ACCOUNT, identity: role.identity },
    contexts: plain,
  });
  const user = (name: string, account: string, factor: string): Asker => ({
    name,
    kind: account === ACCOUNT ? 'user' : 'outsider',
    caller: userOf(account),
    contexts: [{ 'aws:multifactorauthpresent': factor }],
  });
  const nobody: Caller = { identity: [] };
  return [
    ...[lake, ...lakes.filter((it) => it !== lake)].flatMap(({ roles }) => roles.map(roleAsker)),
    { name: 'anyone', kind: 'outsider', caller: nobody, contexts: plain },
    {
      name: 'anyone, were the public let in',
      kind: 'outsider',
      caller: nobody,
      contexts: plain,
      passesPublicBlock: true,
    },
    user('a user of another account', OTHER_ACCOUNT, 'true'),
    { ...user('a user of another account, were the public let in', OTHER_ACCOUNT, 'true'), passesPublicBlock: true },
    user('a user with a second factor', ACCOUNT, 'true'),
    user('a user without a second factor', ACCOUNT, 'false'),
    ...servicesOf(lake).flatMap((service) => [
      serviceAsker(`service ${service}`, service, ACCOUNT, lake),
      serviceAsker(`service ${service} for another account`, service, OTHER_ACCOUNT, lake),
    ]),
  ];
}

function guardedStatements({ buckets, queues, topics, roles }: LakePolicies) {
  const keys = buckets.flatMap(({ key }) => key ?? []);
  const policies = [...buckets, ...queues, ...topics, ...keys].flatMap(({ policy }) => policy);
  return [...policies, ...roles.flatMap(({ trust }) => trust)];
}

function servicesOf(lake: LakePolicies): string[] {
  return [...new Set(guardedStatements(lake).flatMap(({ principals }) => principals?.services ?? []))].sort();
}

/** A service says for whom it works. Whichever source a policy asks for may be the one, and one that none asks for. */
function serviceAsker(name: string, service: string, account: string, lake: LakePolicies): Asker {
  const asked = guardedStatements(lake).flatMap(({ conditions }) =>
    conditions.flatMap(({ key, values }) => (key === 'aws:sourcearn' ? values : [])),
  );
  const sources = [...new Set([...asked, `arn:aws:any:${lake.region}:${ACCOUNT}:thing`])].map((text) =>
    text.replaceAll('*', 'any').replace(ACCOUNT, account),
  );
  const acl = { 's3:x-amz-acl': 'bucket-owner-full-control' };
  const contexts = sources.map((arn) => ({ ...acl, 'aws:sourceaccount': account, 'aws:sourcearn': arn }));
  return { name, kind: 'service', caller: { service, identity: [] }, contexts };
}
