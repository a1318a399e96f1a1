import type { LakeResource, LakeResources } from '../lake-resources.ts';
import { type Draft, nothing } from '../line.ts';
import { DAYS, MINUTES, runsPerMonth } from '../month.ts';
import { queueMonth } from '../queue-month.ts';
import type { Service, Use } from '../service.ts';

/** A message is sent, received and deleted. */
const REQUESTS = 3;
/** Lambda asks a queue over five connections, each anew after 20 seconds (AWS Lambda developer guide, SQS). */
const EMPTY_RECEIVES = 5 * 3 * MINUTES;

export const sqs: Service = {
  name: 'SQS',
  types: ['AWS::SQS::Queue'],
  free: ['AWS::SQS::QueuePolicy'],
  drafts(use) {
    const queues = use.lake.ofType('AWS::SQS::Queue');
    if (queues.length === 0) return [nothing('SQS', 'requests', 'no queue is synthesised')];
    return queues.map((queue) => requests(queue, use));
  },
};

function requests(queue: LakeResource, use: Use): Draft {
  const { messages } = queueMonth(queue, use);
  const pollers = use.lake
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter((mapping) => use.lake.target(mapping, mapping.properties.EventSourceArn) === queue.id).length;
  return {
    service: 'SQS',
    item: `requests ${queue.name}`,
    price: 'sqs.requests',
    quantity: (messages * REQUESTS + pollers * EMPTY_RECEIVES) / 1e6,
    how: `(${messages} messages × ${REQUESTS} + ${pollers} pollers × ${EMPTY_RECEIVES}) / 1,000,000`,
    ...(pollers > 0 ? { trap: 'Lambda asks a queue all day, also where nothing lies in it' } : {}),
  };
}

export const sns: Service = {
  name: 'SNS',
  types: ['AWS::SNS::Topic'],
  free: ['AWS::SNS::TopicPolicy', 'AWS::SNS::Subscription'],
  drafts({ lake, volumes: { alertEmails } }) {
    if (lake.ofType('AWS::SNS::Topic').length === 0) return [nothing('SNS', 'e-mails', 'no topic is synthesised')];
    return [
      {
        service: 'SNS',
        item: 'e-mails',
        price: 'sns.emails',
        quantity: alertEmails / 100_000,
        how: `${alertEmails} alerts / 100,000`,
      },
    ];
  },
};

export const stepFunctions: Service = {
  name: 'Step Functions',
  types: ['AWS::StepFunctions::StateMachine'],
  free: ['AWS::StepFunctions::Activity'],
  drafts({ lake, volumes }) {
    const machines = lake.ofType('AWS::StepFunctions::StateMachine');
    if (machines.length === 0) return [nothing('Step Functions', 'transitions', 'no state machine is synthesised')];
    return machines.map((machine) => {
      const { name, properties } = machine;
      const definition = JSON.stringify(properties.DefinitionString ?? properties.Definition ?? properties);
      const { trainings, scorings } = volumes.learning;
      const asked = /sagemaker:/i.test(definition) ? trainings + scorings : volumes.curation.runsPerDay * DAYS;
      const runs = scheduledRuns(machine, lake) ?? asked;
      const states = (definition.match(/\\*"Type\\*":/g) ?? []).length;
      const isExpress = properties.StateMachineType === 'EXPRESS';
      return {
        service: 'Step Functions',
        item: `${isExpress ? 'requests' : 'transitions'} ${name}`,
        price: isExpress ? 'states.express' : 'states.transitions',
        quantity: isExpress ? runs / 1e6 : (runs * states) / 1000,
        how: isExpress ? `${runs} runs / 1,000,000` : `${runs} runs × ${states} states at most / 1000`,
      };
    });
  },
};

interface Target {
  readonly Arn?: unknown;
}

/** Runs that schedules start in a month; none where no schedule of the lake starts this machine. */
function scheduledRuns(machine: LakeResource, lake: LakeResources): number | undefined {
  const schedules = [...lake.ofType('AWS::Scheduler::Schedule'), ...lake.ofType('AWS::Events::Rule')].filter(
    (schedule) => {
      const { Target: one, Targets: several = [], ScheduleExpression: expression, State: state } = schedule.properties;
      const targets: Target[] = one === undefined ? several : [one];
      const isOn = expression !== undefined && state !== 'DISABLED';
      return isOn && targets.some(({ Arn: arn }) => lake.target(schedule, arn) === machine.id);
    },
  );
  if (schedules.length === 0) return undefined;
  return schedules.reduce((all, { properties }) => all + runsPerMonth(properties.ScheduleExpression), 0);
}
