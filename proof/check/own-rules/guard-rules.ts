import type { AssemblyStack } from '../../assembly.ts';
import type { Lake } from './lake.ts';
import { all, at, expectValue, list, type Rule, unexpected } from './rule.ts';

/** A promise about a stack or an environment as a whole. */
export interface StackRule {
  readonly id: string;
  readonly meaning: string;
  test(stack: AssemblyStack, lake: Lake): string | undefined;
}

export const stackRules: readonly StackRule[] = [
  {
    id: 'termination-protection',
    meaning: 'Where an environment is protected, none of its stacks can be deleted.',
    test: ({ terminationProtection }, { isProtected }) =>
      isProtected && !terminationProtection ? 'the stack can be deleted, expected termination protection' : undefined,
  },
  {
    id: 'has-trail',
    meaning: 'An environment with a data zone has an audit trail, alarms and a topic that they tell.',
    test: (stack, lake) => {
      if (stack !== lake.stacks[0] || lake.ofType('AWS::S3::Bucket').length === 0) return undefined;
      const missing = ['AWS::CloudTrail::Trail', 'AWS::CloudWatch::Alarm', 'AWS::SNS::Topic'].filter(
        (type) => lake.ofType(type).length === 0,
      );
      return missing.length === 0 ? undefined : `no ${missing.join(' and no ')} in ${lake.name}, expected one at least`;
    },
  },
  {
    id: 'has-budget',
    meaning: 'A protected environment has a budget.',
    test: (stack, lake) =>
      stack === lake.stacks[0] && lake.isProtected && lake.ofType('AWS::Budgets::Budget').length === 0
        ? `no budget in ${lake.name}, expected one`
        : undefined,
  },
  {
    id: 'no-secret-output',
    meaning: 'No output or parameter of a stack bears the name of a secret.',
    test: ({ template }) => {
      const names = Object.keys({ ...template.Outputs, ...template.Parameters });
      const found = names.filter((name) => /password|secret(?!arn)|token/i.test(name));
      return found.length === 0
        ? undefined
        : `${found.join(', ')} would be shown in the clear, expected a parameter store`;
    },
  },
];

const SAGEMAKER = ['Model', 'TrainingJob', 'ProcessingJob', 'NotebookInstance'].map((it) => `AWS::SageMaker::${it}`);

export const guardRules: readonly Rule[] = [
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
    id: 'dashboard-readers',
    meaning: 'A dashboard, data set or data source is opened to groups of the account, never to everybody.',
    types: ['Dashboard', 'DataSet', 'DataSource', 'Analysis'].map((it) => `AWS::QuickSight::${it}`),
    test: ({ properties }) =>
      all(
        ...list(properties.Permissions).map((it) => {
          const principal = `${at(it, 'Principal')}`;
          return /\*|:namespace\//.test(principal) ? `opened to ${principal}, expected a group` : undefined;
        }),
        list(at(properties, 'LinkSharingConfiguration.Permissions')).length > 0
          ? 'whoever has the link may read, expected a group'
          : undefined,
      ),
  },
];
