/** Our evaluator beside another one, over the policies of the lake: docs/decisions/access-matrix.md. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, test } from 'vitest';
import { declaredPlaces, declaredRights } from '../../proof/access/declaration.ts';
import { isAllowed } from '../../proof/access/evaluate.ts';
import { lakePolicies } from '../../proof/access/lake-policies.ts';
import { type Asker, askersOf, type CellRequest, isAsked, requestOf, transportsOf } from '../../proof/access/matrix.ts';
import type { Patterns, Statement } from '../../proof/access/statement.ts';
import { questionsOf } from '../../proof/access/targets.ts';
import { ownStacks } from './access-lake.ts';

const lakes = lakePolicies(ownStacks());

interface Compared {
  readonly asker: Asker;
  readonly request: CellRequest;
}

/**
 * Every request of one environment's matrix, each once. A service is asked for what has a policy that names one, and from
 * the first of its sources.
 */
function requestsOf(environment: string): Compared[] {
  const lake = lakes.find((it) => it.environment === environment);
  if (lake === undefined) return [];
  const places = declaredPlaces(declaredRights());
  const known = new Map<string, Compared>();
  for (const question of questionsOf(lake, places)) {
    for (const asker of askersOf(lake, [lake]).filter((it) => isAsked(it, question))) {
      for (const transport of transportsOf(question)) {
        for (const ask of question.ways.flat()) {
          const request = requestOf(asker, ask, transport, asker.contexts[0] ?? {});
          const { action, resource, guard } = ask;
          if (asker.kind === 'service' && !namesService(guard.policy ?? [])) continue;
          known.set(JSON.stringify([asker.caller.arn, asker.caller.service, action, resource, request.context]), {
            asker,
            request,
          });
        }
      }
    }
  }
  return [...known.values()];
}

function namesService(policy: readonly Statement[]): boolean {
  return policy.some(({ principals }) => (principals?.services.length ?? 0) > 0);
}

const written = new Map<readonly Statement[], object>();

/** Statements as a policy again. */
function policyOf(statements: readonly Statement[]): object {
  const policy = written.get(statements) ?? { Version: '2012-10-17', Statement: statements.map(asWritten) };
  written.set(statements, policy);
  return policy;
}

function asWritten({ effect, actions, resources, principals, conditions }: Statement): object {
  const listed = (name: string, it: Patterns | undefined) => it && { [it.isNegated ? `Not${name}` : name]: it.texts };
  const operators = [...new Set(conditions.map(({ operator }) => operator))];
  const condition = operators.map((operator) => {
    const own = conditions.filter((it) => it.operator === operator);
    return [operator, Object.fromEntries(own.map(({ key, values }) => [key, values]))];
  });
  const who = principals && { AWS: principals.arns, Service: principals.services };
  const named = Object.entries(who ?? {}).filter(([, names]) => names.length > 0);
  return {
    Effect: effect,
    ...listed('Action', actions),
    ...listed('Resource', resources),
    ...(principals && { [principals.isNegated ? 'NotPrincipal' : 'Principal']: Object.fromEntries(named) }),
    ...(condition.length > 0 && { Condition: Object.fromEntries(condition) }),
  };
}

async function peerAllows({ asker: { caller }, request: { ask, context } }: Compared): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: caller.arn ?? caller.service ?? { type: 'Anonymous' },
        action: ask.action,
        resource: { resource: ask.resource, accountId: ask.guard.account },
        contextVariables: context,
      },
      identityPolicies: caller.identity.length === 0 ? [] : [{ name: 'identity', policy: policyOf(caller.identity) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(ask.guard.policy?.length && { resourcePolicy: policyOf(ask.guard.policy) }),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`the simulator could not: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}

describe('another simulator of IAM', () => {
  test('comes to the same in every request of an environment', { timeout: 300_000 }, async () => {
    const requests = requestsOf('prod');
    const differing: string[] = [];
    let allowed = 0;
    for (const compared of requests) {
      const { asker, request } = compared;
      const { action, resource, guard } = request.ask;
      const ours = isAllowed({ caller: asker.caller, action, resource, context: request.context }, guard);
      if (ours) allowed += 1;
      const theirs = await peerAllows(compared);
      if (ours !== theirs) differing.push(`${asker.name}: ${action} ${resource} ${ours ? 'ours' : 'theirs'} allows`);
    }
    expect(differing).toEqual([]);
    expect(allowed).toBeGreaterThan(100);
  });
});
