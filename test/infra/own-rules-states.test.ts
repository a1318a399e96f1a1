import { expect, test } from 'vitest';
import type { AssemblyStack } from '../../proof/assembly.ts';
import { payloads } from '../../proof/check/payloads/payloads.ts';
import { states } from '../../proof/check/states/states.ts';

const RETRY = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }];
const CATCH = [{ ErrorEquals: ['States.ALL'], Next: 'Alert' }];

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::glue:startJobRun.sync',
  Parameters: { JobName: 'laketwin-dev-curate', 'Arguments.$': '$.arguments', WorkerType: 'G.1X' },
  Retry: RETRY,
  Catch: CATCH,
  Next: 'Any',
};

const machine = {
  StartAt: 'Curate',
  TimeoutSeconds: 3600,
  States: {
    Curate: task,
    Any: {
      Type: 'Choice',
      Choices: [{ Variable: '$.rows', NumericGreaterThan: 0, Next: 'Publish' }],
      Default: 'Done',
    },
    Publish: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: { 'Fn::GetAtt': ['Publish', 'Arn'] }, Payload: { 'run.$': '$.run' } },
      Retry: RETRY,
      Catch: CATCH,
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
    Alert: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: { TopicArn: { Ref: 'Alerts' }, Message: { 'error.$': '$.Error' } },
      Retry: RETRY,
      Next: 'Failed',
    },
    Failed: { Type: 'Fail', Error: 'RunFailed', Cause: 'see the log of the run' },
  },
};

/** An assembly with one machine, as the CDK writes it: references stand between pieces of text. */
function assemblyOf(definition: unknown): AssemblyStack[] {
  const pieces = JSON.stringify(definition).split(/"?(\{"Fn::GetAtt":\["Publish","Arn"\]\}|\{"Ref":"Alerts"\})"?/);
  const parts = pieces.flatMap((piece, index) => (index % 2 === 1 ? ['"', JSON.parse(piece), '"'] : [piece]));
  const template = {
    Resources: {
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { DefinitionString: { 'Fn::Join': ['', parts] } },
      },
      Publish: { Type: 'AWS::Lambda::Function' },
      Alerts: { Type: 'AWS::SNS::Topic' },
    },
  };
  const stack = { name: 'Dev/Processing', environment: 'dev', stackName: 'Dev-Processing', template };
  return [{ ...stack, templateFile: '', dependencies: [], terminationProtection: false }];
}

const withStates = (changed: Readonly<Record<string, unknown>>) => ({
  ...machine,
  States: { ...machine.States, ...changed },
});

async function rulesAgainst(definition: unknown): Promise<string[]> {
  const stacks = assemblyOf(definition);
  const found = [...(await states.run(stacks)), ...(await payloads.run(stacks))];
  return [...new Set(found.map(({ rule }) => rule))].sort();
}

test('a machine that retries, catches and ends is let through, its references read as ARNs', async () => {
  expect(await rulesAgainst(machine)).toEqual([]);
});

const BAD: Readonly<Record<string, readonly [rule: string, definition: unknown]>> = {
  'a next state that is not there': ['states:known-next', withStates({ Curate: { ...task, Next: 'Nowhere' } })],
  'a state of no type': ['states:language', withStates({ Done: { Type: 'Finish' } })],
  'a state without an end': ['states:language', withStates({ Curate: { ...task, Next: undefined } })],
  'a wait of no length': ['states:language', withStates({ Done: { Type: 'Wait', End: true } })],
  'a state that nothing leads to': ['states:reachable', withStates({ Alone: { Type: 'Succeed' } })],
  'States.ALL before another error': [
    'states:all-comes-last',
    withStates({ Curate: { ...task, Catch: [...CATCH, { ErrorEquals: ['States.Timeout'], Next: 'Alert' }] } }),
  ],
  'States.ALL beside another error': [
    'states:all-comes-last',
    withStates({ Curate: { ...task, Retry: [{ ErrorEquals: ['States.ALL', 'States.Timeout'] }] } }),
  ],
  'a task that is tried once': ['states:retried', withStates({ Curate: { ...task, Retry: undefined } })],
  'a task that is tried for ever': [
    'states:retry-bounded',
    withStates({ Curate: { ...task, Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1000 }] } }),
  ],
  'a task whose failure nobody hears': ['states:caught', withStates({ Curate: { ...task, Catch: undefined } })],
  'a failure that ends well': [
    'states:failure-shows',
    withStates({ Curate: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }] } }),
  ],
  'a choice without a default': [
    'states:choice-default',
    withStates({ Any: { ...machine.States.Any, Default: undefined } }),
  ],
  'a machine without a limit': ['states:bounded', { ...machine, TimeoutSeconds: undefined }],
  'a machine in JSONata': ['states:json-path', { ...machine, QueryLanguage: 'JSONata' }],
  'a misspelt parameter': [
    'payloads:request',
    withStates({ Curate: { ...task, Parameters: { JobNam: 'laketwin-dev-curate' } } }),
  ],
  'a required parameter left out': ['payloads:request', withStates({ Curate: { ...task, Parameters: {} } })],
  'a value that is not of the list': [
    'payloads:request',
    withStates({ Curate: { ...task, Parameters: { ...task.Parameters, WorkerType: 'G.99X' } } }),
  ],
  'a value that does not match the pattern': [
    'payloads:request',
    withStates({ Curate: { ...task, Parameters: { ...task.Parameters, JobName: 'a\u0000b' } } }),
  ],
  'a value of another type': [
    'payloads:request',
    withStates({ Curate: { ...task, Parameters: { ...task.Parameters, Timeout: 'an hour' } } }),
  ],
  'a value out of bounds': [
    'payloads:request',
    withStates({ Curate: { ...task, Parameters: { ...task.Parameters, Timeout: 0 } } }),
  ],
  'an operation that is not there': [
    'payloads:request',
    withStates({ Curate: { ...task, Resource: 'arn:aws:states:::aws-sdk:glue:beginJobRun' } }),
  ],
};

test.each(Object.entries(BAD))('fails on %s', async (_, [rule, definition]) => {
  expect(await rulesAgainst(definition)).toContain(rule);
});

test('fails on a definition that is no JSON', async () => {
  const [stack] = assemblyOf('');
  const Machine = { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: '{ "StartAt": ' } };
  const findings = await states.run([{ ...(stack as AssemblyStack), template: { Resources: { Machine } } }]);
  expect(findings).toMatchObject([{ rule: 'states:language', message: expect.stringContaining('is no JSON') }]);
});
