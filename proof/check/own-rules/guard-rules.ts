import type { AssemblyStack } from '../../assembly.ts';
import type { Lake } from '../lake.ts';

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
