import type { Lake } from '../lake.ts';
import { definitionOf, scopesOf } from '../states/definition.ts';
import { all, at, expectValue, type Rule, unexpected } from './rule.ts';

const SAGEMAKER = ['Model', 'TrainingJob', 'ProcessingJob', 'NotebookInstance'].map((it) => `AWS::SageMaker::${it}`);

export const learningRules: readonly Rule[] = [
  {
    id: 'model-isolated',
    meaning: 'A model runs without the network.',
    types: SAGEMAKER,
    test: ({ type, properties }) =>
      type === 'AWS::SageMaker::NotebookInstance'
        ? all(
            expectValue(properties, 'DirectInternetAccess', 'Disabled'),
            expectValue(properties, 'RootAccess', 'Disabled'),
          )
        : expectValue(properties, 'EnableNetworkIsolation', true),
  },
  {
    id: 'model-key',
    meaning: 'Where a machine of SageMaker keeps a disk, a key of the lake encrypts it.',
    types: ['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::NotebookInstance'],
    test: ({ properties: { KmsKeyId: key } }, lake) =>
      lake.target(key)?.type === 'AWS::KMS::Key' ? undefined : unexpected('KmsKeyId', key, 'a key of the lake'),
  },
  {
    id: 'training-apart',
    meaning:
      'What a state machine trains or scores runs without the network, encrypted with keys of the lake, for a limited time.',
    types: ['AWS::StepFunctions::StateMachine'],
    test: (machine, lake) => {
      const definition = definitionOf(machine, lake, (text) => text);
      if (typeof definition === 'string') return undefined;
      const steps = scopesOf(definition).flatMap(({ States }) => Object.entries(States));
      return steps.flatMap(([name, { Resource: called = '', Parameters: parameters }]) =>
        (
          REQUESTS[
            called
              .replace(/\.sync$/, '')
              .split(':')
              .at(-1) ?? ''
          ] ?? []
        )
          .map(([path, isRight, what]) => [path, at(parameters, path), isRight, what] as const)
          .filter(([, found, isRight]) => !isRight(found, lake))
          .map(([path, found, , what]) => `'${name}' ${unexpected(path, found, what)}`),
      );
    },
  },
];

type Demand = readonly [path: string, isRight: (value: unknown, lake: Lake) => boolean, what: string];

const isKey = (value: unknown, lake: Lake) => lake.target(value)?.type === 'AWS::KMS::Key';
const keyAt = (path: string): Demand => [path, isKey, 'a key of the lake'];
const trueAt = (path: string): Demand => [path, (value) => value === true, 'true'];

/** What is demanded of requests to SageMaker, by operation. */
const REQUESTS: Readonly<Record<string, readonly Demand[]>> = {
  createTrainingJob: [
    trueAt('EnableNetworkIsolation'),
    trueAt('EnableInterContainerTrafficEncryption'),
    keyAt('ResourceConfig.VolumeKmsKeyId'),
    keyAt('OutputDataConfig.KmsKeyId'),
    ['StoppingCondition.MaxRuntimeInSeconds', (value) => Number(value) <= 4 * 3600, 'four hours at most'],
    ['ResourceConfig.InstanceCount', (value) => Number(value) <= 2, 'two machines at most'],
  ],
  createModel: [trueAt('EnableNetworkIsolation')],
  createTransformJob: [keyAt('TransformOutput.KmsKeyId'), keyAt('TransformResources.VolumeKmsKeyId')],
  createEndpointConfig: [keyAt('KmsKeyId')],
  createModelPackage: [
    ['ModelApprovalStatus', (value) => value === 'PendingManualApproval', "a person's approval to come"],
  ],
};
