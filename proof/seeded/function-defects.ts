import { beside, idOf, replace, set } from './changes.ts';
import type { Defect } from './defect.ts';

const lambda = 'AWS::Lambda::Function';
const source = 'AWS::Lambda::EventSourceMapping';

export const functionDefects: readonly Defect[] = [
  {
    id: 'function-old-node',
    weakens: 'The runtime gets no more repairs.',
    type: lambda,
    change: set('Runtime', 'nodejs18.x'),
  },
  {
    id: 'function-other-node',
    weakens: 'The function is not bundled for its runtime.',
    type: lambda,
    change: set('Runtime', 'nodejs22.x'),
  },
  { id: 'function-no-key', weakens: "Variables lie under AWS's own key.", type: lambda, change: set('KmsKeyArn') },
  {
    id: 'function-logs-anywhere',
    weakens: 'Logs are kept for ever and without a key.',
    type: lambda,
    change: set('LoggingConfig'),
  },
  {
    id: 'function-password',
    weakens: 'A password lies in the template.',
    type: lambda,
    change: replace('Environment.Variables', { DATABASE_PASSWORD: 'Tr0ub4dor' }),
  },
  {
    id: 'function-access-key',
    weakens: 'An access key lies in the template.',
    type: lambda,
    change: set('Environment.Variables.UPLOAD_USER', 'AKIAIOSFODNN7EXAMPLE'),
  },
  {
    id: 'function-secret-address',
    weakens: 'A password lies in an address.',
    type: lambda,
    change: set('Environment.Variables.SOURCE', 'https://user:hunter2@example.com/rows'),
  },
  {
    id: 'function-shared-role',
    weakens: 'A function may do what another one may.',
    type: lambda,
    place: /transform/,
    change: (it, stack, id) =>
      set('Role', { 'Fn::GetAtt': [idOf(stack, 'AWS::IAM::Role', /Convert/), 'Arn'] })(it, stack, id),
  },
  {
    id: 'function-open-address',
    weakens: 'Everybody may call the function.',
    type: lambda,
    change: beside((id) => ({
      Type: 'AWS::Lambda::Url',
      Properties: { AuthType: 'NONE', TargetFunctionArn: { Ref: id } },
    })),
  },
  {
    id: 'function-called-by-all',
    weakens: 'Everybody may call the function.',
    type: lambda,
    change: beside((id) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: id }, Principal: '*' },
    })),
  },
  {
    id: 'function-called-by-any-bucket',
    weakens: "Another account's bucket calls the function.",
    type: lambda,
    change: beside((id) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: id }, Principal: 's3.amazonaws.com' },
    })),
  },
  {
    id: 'batch-all-or-nothing',
    weakens: 'One bad message brings all others again.',
    type: source,
    change: set('FunctionResponseTypes'),
  },
  { id: 'source-off', weakens: 'Files wait for ever.', type: source, change: set('Enabled', false) },
  {
    id: 'source-unbounded',
    weakens: "A flood of files takes the account's functions.",
    type: source,
    change: set('ScalingConfig'),
  },
];
