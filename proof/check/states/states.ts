/** State machines as Amazon States Language: what its validator says, and what it lets pass. */
import { createRequire } from 'node:module';
import type { Check } from '../../finding.ts';
import { lakesOf } from '../lake.ts';
import { after, type Definition, definitionOf, type Handler, reachable, type State, scopesOf } from './definition.ts';

interface Validation {
  readonly isValid: boolean;
  readonly errors: readonly { readonly 'Error code': string; readonly Message?: string }[];
  errorsText(separator: string): string;
}

const validate: (definition: Definition) => Validation = createRequire(import.meta.url)('asl-validator');

/** A rule on a machine or on one within it; says what is wrong, by the name of the state. */
type StateRule = (scope: Definition, whole: Definition) => readonly string[];

const RULES: Readonly<Record<string, StateRule>> = {
  /** The language that the validator knows. */
  language: (scope, whole) => {
    if (scope !== whole) return [];
    return languageProblems(whole);
  },
  /** A machine in JSONata runs in no local engine: it would be unproven. */
  'json-path': (scope) => [
    ...(scope.QueryLanguage === 'JSONata' ? ['the machine is written in JSONata, expected JSONPath'] : []),
    ...named(scope, ({ QueryLanguage }) =>
      QueryLanguage === 'JSONata' ? 'is written in JSONata, expected JSONPath' : undefined,
    ),
  ],
  reachable: (scope) => {
    const found = reachable(scope, [scope.StartAt]);
    return Object.keys(scope.States)
      .filter((name) => !found.has(name))
      .map((name) => `'${name}' is never reached, expected a way to it`);
  },
  'known-next': (scope) =>
    named(scope, (state) => {
      const missing = after(state).filter((name) => scope.States[name] === undefined);
      return missing.length === 0 ? undefined : `leads to '${missing.join("', '")}', expected a state of the machine`;
    }),
  /** AWS takes States.ALL for the last of the list, and alone in its handler. */
  'all-comes-last': (scope) =>
    named(scope, ({ Retry = [], Catch = [] }) =>
      [Retry, Catch].some((handlers) => handlers.some((it, index) => isMisplaced(it, index === handlers.length - 1)))
        ? 'handles States.ALL before or beside other errors, expected it last and alone'
        : undefined,
    ),
  retried: (scope) =>
    named(scope, ({ Type, Retry = [] }) =>
      Type === 'Task' && Retry.length === 0 ? 'is never tried again, expected Retry' : undefined,
    ),
  'retry-bounded': (scope) =>
    named(scope, ({ Retry = [] }) =>
      Retry.some(({ MaxAttempts: tries = 3 }) => tries > 10) ? 'is tried too often, expected at most 10' : undefined,
    ),
  caught: (scope, whole) => {
    const onFailure = afterFailure(scope);
    return named(scope, ({ Type, Catch = [] }, name) =>
      Type === 'Task' && Catch.length === 0 && !onFailure.has(name) && !isGuarded(scope, whole)
        ? 'has nobody to tell of its failure, expected Catch'
        : undefined,
    );
  },
  'failure-shows': (scope, whole) => {
    if (scope !== whole) return [];
    return named(scope, ({ Catch = [] }) => {
      const quiet = Catch.filter(({ Next = '' }) => !endsInFail(scope, Next));
      return quiet.length === 0 ? undefined : 'hides a failure: its Catch leads to no state of type Fail, expected one';
    });
  },
  'choice-default': (scope) =>
    named(scope, ({ Type, Default }) =>
      Type === 'Choice' && Default === undefined ? 'has no Default, expected one' : undefined,
    ),
  bounded: (scope, whole) =>
    scope === whole && scope.TimeoutSeconds === undefined
      ? ['the machine may run for a year, expected TimeoutSeconds']
      : [],
};

export const states: Check = {
  name: 'states',
  run: (stacks) =>
    lakesOf(stacks).flatMap((lake) =>
      lake.ofType('AWS::StepFunctions::StateMachine').flatMap((machine) => {
        const where = { stack: machine.stack.name, resource: machine.id };
        const definition = definitionOf(machine, lake);
        if (typeof definition === 'string') return [{ rule: 'states:language', ...where, message: definition }];
        return problemsOf(definition).map(({ rule, message }) => ({ rule: `states:${rule}`, ...where, message }));
      }),
    ),
};

/** The validator builds its schemas anew each time, so an answer is kept: it depends on nothing but the definition. */
const ANSWERS = new Map<string, readonly string[]>();

function languageProblems(definition: Definition): readonly string[] {
  const text = JSON.stringify(definition);
  const known = ANSWERS.get(text);
  if (known !== undefined) return known;
  const { isValid, errorsText } = validate(definition);
  const answer = isValid ? [] : [errorsText('; ').replaceAll('\n', ' ')];
  ANSWERS.set(text, answer);
  return answer;
}

/** What is wrong with a machine, by rule. */
export function problemsOf(whole: Definition): { readonly rule: string; readonly message: string }[] {
  return scopesOf(whole).flatMap((scope) =>
    Object.entries(RULES).flatMap(([rule, test]) => test(scope, whole).map((message) => ({ rule, message }))),
  );
}

function named({ States }: Definition, test: (state: State, name: string) => string | undefined): string[] {
  return Object.entries(States).flatMap(([name, state]) => {
    const problem = test(state, name);
    return problem === undefined ? [] : [`'${name}' ${problem}`];
  });
}

function isMisplaced({ ErrorEquals: errors = [] }: Handler, isLast: boolean): boolean {
  return errors.includes('States.ALL') && (!isLast || errors.length > 1);
}

/** States that are met on the way from a Catch alone: they tell of the failure. */
function afterFailure(scope: Definition): Set<string> {
  const handlers = Object.values(scope.States).flatMap(({ Catch = [] }) => Catch.flatMap(({ Next = [] }) => Next));
  const wellMet = new Set<string>();
  const visit = (name: string) => {
    const state = scope.States[name];
    if (state === undefined || wellMet.has(name)) return;
    wellMet.add(name);
    for (const next of after({ ...state, Catch: [] })) visit(next);
  };
  visit(scope.StartAt);
  return new Set([...reachable(scope, handlers)].filter((name) => !wellMet.has(name)));
}

/** Whether the state that holds this machine catches what fails within. */
function isGuarded(scope: Definition, whole: Definition): boolean {
  return scopesOf(whole).some(({ States }) =>
    Object.values(States).some(
      ({ Catch = [], Branches = [], Iterator: iterator, ItemProcessor }) =>
        Catch.length > 0 && [...Branches, iterator, ItemProcessor].includes(scope),
    ),
  );
}

function endsInFail(scope: Definition, from: string): boolean {
  return [...reachable(scope, [from])].some((name) => scope.States[name]?.Type === 'Fail');
}
