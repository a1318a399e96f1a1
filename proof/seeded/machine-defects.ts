import type { Definition, State } from '../check/states/definition.ts';
import { set } from './changes.ts';
import type { Change, Defect } from './defect.ts';

const type = 'AWS::StepFunctions::StateMachine';

type Open<T> = { -readonly [K in keyof T]: T[K] };
type Step = Open<State> & Record<string, unknown>;

/** Changes the definition, whose references stand between pieces of JSON. */
function redefine(edit: (definition: Open<Definition>) => void): Change {
  return ({ Properties: properties }) => {
    if (properties === undefined) return;
    const parts: unknown[] = Object(properties.DefinitionString)['Fn::Join']?.[1] ?? [properties.DefinitionString];
    const text = parts.map((part, index) => (typeof part === 'string' ? part : `@@${index}@@`)).join('');
    const definition: Open<Definition> = JSON.parse(text);
    edit(definition);
    const pieces = JSON.stringify(definition).split(/@@(\d+)@@/);
    const joined = pieces.map((piece, index) => (index % 2 === 0 ? piece : parts[Number(piece)]));
    if (pieces.join('') !== text) properties.DefinitionString = { 'Fn::Join': ['', joined] };
  };
}

/** Changes the first step that the test matches, within steps of steps as well. */
function restep(
  isMeant: (step: Step, name: string) => boolean,
  edit: (step: Step, name: string, all: Record<string, Step>) => void,
): Change {
  const visit = (scope: Definition): boolean => {
    const steps = scope.States as Record<string, Step>;
    return Object.entries(steps).some(([name, step]) => {
      if (isMeant(step, name)) {
        edit(step, name, steps);
        return true;
      }
      return [...(step.Branches ?? []), ...(step.ItemProcessor ? [step.ItemProcessor] : [])].some(visit);
    });
  };
  return redefine((definition) => {
    visit(definition);
  });
}

const isTask = ({ Type }: Step) => Type === 'Task';
const isGuarded = ({ Type, Catch = [] }: Step) => Type === 'Task' && Catch.length > 0;
const calls =
  (what: string) =>
  ({ Resource: resource = '' }: Step) =>
    resource.includes(what);
const parametersOf = (step: Step) => step.Parameters as Record<string, unknown>;

export const machineDefects: readonly Defect[] = [
  {
    id: 'machine-no-json',
    weakens: 'The machine is never made.',
    type,
    change: set('DefinitionString', '{ "StartAt": '),
  },
  {
    id: 'machine-no-start',
    weakens: 'The machine is never made.',
    type,
    change: redefine((it) => {
      it.StartAt = 'Nowhere';
    }),
  },
  {
    id: 'machine-jsonata',
    weakens: 'The machine runs in no local engine.',
    type,
    change: redefine((it) => {
      it.QueryLanguage = 'JSONata';
    }),
  },
  {
    id: 'machine-endless',
    weakens: 'A hanging run lasts for a year.',
    type,
    change: redefine((it) => {
      delete it.TimeoutSeconds;
    }),
  },
  {
    id: 'step-to-nowhere',
    weakens: 'The machine is never made.',
    type,
    change: restep(
      ({ Next }) => Next !== undefined,
      (step) => {
        step.Next = 'Nowhere';
      },
    ),
  },
  {
    id: 'step-of-no-type',
    weakens: 'The machine is never made.',
    type,
    change: restep(isTask, (step) => {
      step.Type = 'Job';
    }),
  },
  {
    id: 'step-without-end',
    weakens: 'The machine is never made.',
    type,
    change: restep(
      ({ End }) => End === true,
      (step) => {
        delete step.End;
      },
    ),
  },
  {
    id: 'step-skipped',
    weakens: 'Checks are passed by.',
    type,
    change: restep(
      (_, name) => name === 'List checks',
      (_step, _name, all) => {
        const settle = all['Settle tables'];
        if (settle) settle.Next = 'Publish';
      },
    ),
  },
  {
    id: 'step-never-retried',
    weakens: 'A hiccup stops a run.',
    type,
    change: restep(
      ({ Type, Retry }) => Type === 'Task' && Retry !== undefined,
      (step) => {
        delete step.Retry;
      },
    ),
  },
  {
    id: 'step-retried-for-ever',
    weakens: 'A bad step is paid for a thousand times.',
    type,
    change: restep(isTask, (step) => {
      step.Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1000 }];
    }),
  },
  {
    id: 'step-uncaught',
    weakens: 'Nobody is told of a failure.',
    type,
    change: restep(isGuarded, (step) => {
      delete step.Catch;
    }),
  },
  {
    id: 'step-all-comes-first',
    weakens: 'A known error is not told from the others.',
    type,
    change: restep(isTask, (step) => {
      step.Retry = [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['States.Timeout'] }];
    }),
  },
  {
    id: 'step-all-among-others',
    weakens: 'The machine is never made.',
    type,
    change: restep(isTask, (step) => {
      step.Retry = [{ ErrorEquals: ['States.Timeout', 'States.ALL'] }];
    }),
  },
  {
    id: 'failure-hidden',
    weakens: 'A run that failed ends well.',
    type,
    change: redefine((it) => {
      (it.States as Record<string, Step>).Failed = { Type: 'Succeed' };
    }),
  },
  {
    id: 'choice-open',
    weakens: 'A run that matches nothing stops without a word.',
    type,
    change: restep(
      ({ Type }) => Type === 'Choice',
      (step) => {
        delete step.Default;
      },
    ),
  },
  {
    id: 'request-misspelt',
    weakens: 'The job is started without its arguments.',
    type,
    change: restep(calls('glue:startJobRun'), (step) => {
      step.Parameters = { ...parametersOf(step), Argumnts: {} };
    }),
  },
  {
    id: 'request-incomplete',
    weakens: 'The job is never started.',
    type,
    change: restep(calls('glue:startJobRun'), (step) => {
      step.Parameters = {};
    }),
  },
  {
    id: 'request-wrong-enum',
    weakens: 'The job is never started.',
    type,
    change: restep(calls('glue:startJobRun'), (step) => {
      step.Parameters = { ...parametersOf(step), WorkerType: 'G.99X' };
    }),
  },
  {
    id: 'request-wrong-type',
    weakens: 'A query is never asked.',
    type,
    change: restep(calls('athena:startQueryExecution'), (step) => {
      step.Parameters = { ...parametersOf(step), QueryExecutionContext: 'a database' };
    }),
  },
  {
    id: 'request-wrong-pattern',
    weakens: 'A query is never asked.',
    type,
    change: restep(calls('athena:startQueryExecution'), (step) => {
      step.Parameters = { ...parametersOf(step), WorkGroup: 'a group with spaces' };
    }),
  },
  {
    id: 'request-out-of-bounds',
    weakens: 'Answers are never read.',
    type,
    change: restep(calls('athena:getQueryResults'), (step) => {
      step.Parameters = { ...parametersOf(step), MaxResults: 100_000 };
    }),
  },
  {
    id: 'request-unknown',
    weakens: 'Answers are never read.',
    type,
    change: restep(calls('athena:getQueryResults'), (step) => {
      step.Resource = 'arn:aws:states:::aws-sdk:athena:fetchQueryResults';
    }),
  },
  {
    id: 'step-other-job',
    weakens: 'Another job is started.',
    type,
    change: restep(calls('glue:startJobRun'), (step) => {
      step.Parameters = { ...parametersOf(step), JobName: 'another-job' };
    }),
  },
  {
    id: 'step-other-workgroup',
    weakens: 'Queries run without limits.',
    type,
    change: restep(calls('athena:startQueryExecution'), (step) => {
      step.Parameters = { ...parametersOf(step), WorkGroup: 'primary' };
    }),
  },
  {
    id: 'step-other-topic',
    weakens: 'Alerts go to nobody.',
    type,
    change: restep(calls('sns:publish'), (step) => {
      step.Parameters = { ...parametersOf(step), TopicArn: 'arn:aws:sns:eu-west-3:111122223333:elsewhere' };
    }),
  },
  { id: 'machine-unlogged', weakens: 'Nobody sees why a run failed.', type, change: set('LoggingConfiguration') },
  {
    id: 'machine-logging-off',
    weakens: 'Nobody sees why a run failed.',
    type,
    change: set('LoggingConfiguration.Level', 'OFF'),
  },
  {
    id: 'machine-logs-data',
    weakens: 'Rows and keys stand in the logs.',
    type,
    change: set('LoggingConfiguration.IncludeExecutionData', true),
  },
  {
    id: 'machine-untraced',
    weakens: 'Nobody sees which step was slow.',
    type,
    change: set('TracingConfiguration.Enabled', false),
  },
  {
    id: 'machine-aws-key',
    weakens: "Runs lie under AWS's own key.",
    type,
    change: set('EncryptionConfiguration', { Type: 'AWS_OWNED_KEY' }),
  },
];
