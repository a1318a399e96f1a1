import type { LakeResource, LakeResources } from '../lake-resources.ts';
import { type Draft, figure, nothing } from '../line.ts';
import type { Service, Use } from '../service.ts';

export const sagemaker: Service = {
  name: 'SageMaker',
  types: ['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Endpoint'],
  free: ['AWS::SageMaker::Model', 'AWS::SageMaker::ModelPackageGroup', 'AWS::SageMaker::ModelPackage'],
  drafts({ lake, volumes: { learning } }) {
    const { trainings, hoursPerTraining, scorings, hoursPerScoring, instance, endpointHours } = learning;
    const endpoints = lake.ofType('AWS::SageMaker::EndpointConfig');
    const jobs = startsJobs(lake)
      ? [
          hours('training', trainings, hoursPerTraining, instance),
          scoresInJobs(lake)
            ? hours('batch scoring', scorings, hoursPerScoring, instance)
            : nothing('SageMaker', 'batch scoring', 'a Lambda scores: no transform job is synthesised'),
        ]
      : [nothing('SageMaker', 'training and scoring', 'nothing of SageMaker is synthesised that could train')];
    if (endpoints.length === 0)
      return [...jobs, nothing('SageMaker', 'endpoint', 'no endpoint is synthesised: scores are made in batches')];
    return [...jobs, ...endpoints.flatMap((one) => variants(one, endpointHours))];
  },
};

/** Trainings are started by state machines, or by whoever may use a model package group of the lake. */
function startsJobs(lake: LakeResources): boolean {
  return (
    lake.ofService('AWS::SageMaker::').some(({ type }) => !type.includes('Endpoint')) ||
    machinesCall(lake, /sagemaker:create(Training|Transform|Processing)Job/i)
  );
}

/** Without a machine to look into, whoever starts jobs may start these too. */
function scoresInJobs(lake: LakeResources): boolean {
  return !machinesCall(lake, /sagemaker:createTrainingJob/i) || machinesCall(lake, /sagemaker:createTransformJob/i);
}

function machinesCall(lake: LakeResources, call: RegExp): boolean {
  const machines = lake.ofType('AWS::StepFunctions::StateMachine');
  return machines.some(({ properties }) => call.test(JSON.stringify(properties)));
}

function hours(item: string, runs: number, each: number, instance: string): Draft {
  return {
    service: 'SageMaker',
    item,
    price: `sagemaker.${instance}`,
    quantity: runs * each,
    how: `${runs} runs × ${each} h of ${instance}`,
  };
}

interface Variant {
  readonly InstanceType?: string;
  readonly InitialInstanceCount?: number;
  readonly ServerlessConfig?: unknown;
}

function variants({ name, properties }: LakeResource, up: Use['volumes']['learning']['endpointHours']): Draft[] {
  const all: Variant[] = properties.ProductionVariants ?? [];
  return all.map(({ InstanceType: instance, InitialInstanceCount: instances = 1, ServerlessConfig: serverless }) => {
    if (serverless !== undefined || instance === undefined) {
      return nothing('SageMaker', `endpoint ${name}`, 'serverless: charged by request, which the volumes do not say');
    }
    return {
      service: 'SageMaker',
      item: `endpoint ${name}`,
      price: `sagemaker.${instance}`,
      quantity: instances * up,
      how: `${instances} × ${instance} × ${figure(up)} hours`,
      trap: 'an endpoint is charged by the hour that it is up, asked or not',
    };
  });
}
