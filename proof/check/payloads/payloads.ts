/** Requests that state machines and schedules make of AWS, held against the models of its services. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensurePython } from '../../../local/python.ts';
import type { Check, Finding } from '../../finding.ts';
import { type Lake, lakesOf, type Placed } from '../lake.ts';
import { at } from '../own-rules/rule.ts';
import { definitionOf, plausible, scopesOf } from '../states/definition.ts';

export interface Payload {
  /** As in `glue`. */
  readonly service: string;
  /** As in `startJobRun`. */
  readonly operation: string;
  readonly parameters: unknown;
}

interface Found extends Payload {
  readonly resource: Placed;
  /** State of the machine, or the target of the schedule. */
  readonly name: string;
}

const SCRIPT = fileURLToPath(new URL('check_payloads.py', import.meta.url));
/** `arn:aws:states:::glue:startJobRun.sync`, `arn:aws:scheduler:::aws-sdk:glue:startCrawler`. */
const INTEGRATION = /^arn:[^:]+:(?:states|scheduler):::(?:aws-sdk:)?([\w-]+):(\w+)/;

export const payloads: Check = {
  name: 'payloads',
  run: (stacks) => {
    const found = lakesOf(stacks).flatMap((lake) => [...ofMachines(lake), ...ofSchedules(lake)]);
    const problems = problemsOf(found);
    return found.flatMap(({ resource, name }, index): Finding[] =>
      (problems[index] ?? []).map((message) => ({
        rule: 'payloads:request',
        stack: resource.stack.name,
        resource: resource.id,
        message: `'${name}': ${message}`,
      })),
    );
  },
};

/** What is wrong with each request. Throws where the models cannot be asked. */
export function problemsOf(requests: readonly Payload[]): readonly (readonly string[])[] {
  if (requests.length === 0) return [];
  const input = JSON.stringify(
    requests.map(({ service, operation, parameters }) => ({ service, operation, parameters })),
  );
  const known = ANSWERS.get(input);
  if (known !== undefined) return known;
  const python = ensurePython('proof/check/payloads/requirements.txt');
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the payloads could not be checked: ${stderr.trim().split('\n').at(-1)}`);
  if (stderr !== '') process.stderr.write(stderr);
  const answer: string[][] = JSON.parse(stdout);
  ANSWERS.set(input, answer);
  return answer;
}

/** The models do not change while a process runs, and most assemblies ask the same. */
const ANSWERS = new Map<string, readonly (readonly string[])[]>();

function ofMachines(lake: Lake): Found[] {
  return lake.ofType('AWS::StepFunctions::StateMachine').flatMap((resource) => {
    const definition = definitionOf(resource, lake);
    if (typeof definition === 'string') return [];
    return scopesOf(definition).flatMap(({ States }) =>
      Object.entries(States).flatMap(([name, { Type, Resource: integration = '', Parameters: parameters = {} }]) => {
        const [, service, operation] = INTEGRATION.exec(integration) ?? [];
        if (Type !== 'Task' || service === undefined || operation === undefined) return [];
        return [{ resource, name, service, operation, parameters: later(parameters) }];
      }),
    );
  });
}

function ofSchedules(lake: Lake): Found[] {
  return lake.ofType('AWS::Scheduler::Schedule').flatMap((resource) => {
    const [, service, operation] = INTEGRATION.exec(`${at(resource.properties, 'Target.Arn')}`) ?? [];
    const input = at(resource.properties, 'Target.Input');
    if (service === undefined || operation === undefined) return [];
    const parameters = typeof input === 'string' ? JSON.parse(plausible(input, lake)) : (input ?? {});
    return [{ resource, name: `${service}:${operation}`, service, operation, parameters }];
  });
}

/** Members such as `Name.$`, whose value is taken from the input of the state, as values to come. */
function later(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(later);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name.endsWith('.$') ? [name.slice(0, -2), { $later: true }] : [name, later(inner)],
    ),
  );
}
