import { all, at, expectNumber, expectSome, expectValue, list, type Rule, unexpected } from './rule.ts';

const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
/** Names that hold a secret, unless they say where it lies: a parameter, an ARN, a name. */
const SECRET_NAME = /SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY/i;
const POINTER = /_(PARAMETER|ARN|NAME|ID|PATH|PREFIX|BUCKET)$/i;
const SECRET_VALUE = /AKIA[0-9A-Z]{16}|-----BEGIN|^gh[pousr]_|^xox[abp]-|:\/\/[^/\s:]+:[^/\s@]+@/;

export const functionRules: readonly Rule[] = [
  {
    id: 'function-runtime',
    meaning: 'Every function runs on Node 24, the runtime that it is bundled for.',
    types: [FUNCTION],
    test: ({ properties }) => expectValue(properties, 'Runtime', 'nodejs24.x'),
  },
  {
    id: 'function-key',
    meaning: 'The variables of every function are encrypted with a key of the lake.',
    types: [FUNCTION],
    test: ({ properties }, lake) =>
      lake.target(properties.KmsKeyArn)?.type === 'AWS::KMS::Key'
        ? undefined
        : unexpected('KmsKeyArn', properties.KmsKeyArn, 'a key of the lake'),
  },
  {
    id: 'function-logs',
    meaning: 'Every function logs to a group of the lake, which has a retention and a key.',
    types: [FUNCTION],
    test: ({ properties }, lake) => {
      const group = at(properties, 'LoggingConfig.LogGroup');
      const isOwn = lake.target(group)?.type === 'AWS::Logs::LogGroup';
      return isOwn ? undefined : unexpected('LoggingConfig.LogGroup', group, 'a group of logs of the lake');
    },
  },
  {
    id: 'function-role',
    meaning: 'No two functions share a role.',
    types: [FUNCTION],
    test: (it, lake) => {
      const role = lake.target(it.properties.Role);
      const other = lake.ofType(FUNCTION).find((that) => that !== it && lake.target(that.properties.Role) === role);
      return other === undefined ? undefined : `the role is that of ${other.place} too, expected one of its own`;
    },
  },
  {
    id: 'function-secret',
    meaning: 'No variable of a function and no argument of a job holds a secret: it names the parameter that does.',
    types: [FUNCTION, 'AWS::Glue::Job'],
    test: ({ properties }) =>
      Object.entries({ ...Object(at(properties, 'Environment.Variables')), ...Object(properties.DefaultArguments) })
        .filter(([name, value]) => (SECRET_NAME.test(name) && !POINTER.test(name)) || SECRET_VALUE.test(`${value}`))
        .map(([name]) => `${name} looks like a secret, expected the name of a parameter that holds it`),
  },
  {
    id: 'function-open',
    meaning: 'No function answers to an address of its own without a signature, nor to whoever asks.',
    types: ['AWS::Lambda::Url', 'AWS::Lambda::Permission'],
    test: ({ type, properties }) => {
      if (type === 'AWS::Lambda::Url') return expectValue(properties, 'AuthType', 'AWS_IAM');
      const isService = /\.amazonaws\.com$/.test(`${properties.Principal}`);
      if (properties.Principal === '*') return "Principal is '*', expected a service bound to the account";
      if (!isService) return undefined;
      return properties.SourceAccount === undefined && properties.SourceArn === undefined
        ? 'neither SourceAccount nor SourceArn is given, expected one of them'
        : undefined;
    },
  },
  {
    id: 'queue-outlasts-function',
    meaning: 'A queue hides a message at least six times as long as its function may take.',
    types: [MAPPING],
    test: ({ properties }, lake) => {
      const queue = lake.target(properties.EventSourceArn);
      if (queue?.type !== 'AWS::SQS::Queue') return undefined;
      const timeout = Number(lake.target(properties.FunctionName)?.properties.Timeout ?? 3);
      return expectNumber(queue.properties, 'VisibilityTimeout', 6 * timeout, 43_200);
    },
  },
  {
    id: 'batch-failures',
    meaning: 'A function says which messages of a batch failed, so that the others are not taken again.',
    types: [MAPPING],
    test: ({ properties }) =>
      list(properties.FunctionResponseTypes).includes('ReportBatchItemFailures')
        ? undefined
        : unexpected('FunctionResponseTypes', properties.FunctionResponseTypes, 'ReportBatchItemFailures'),
  },
  {
    id: 'source-enabled',
    meaning: 'Every source of events is on, and held to a number of functions at a time.',
    types: [MAPPING],
    test: ({ properties }) =>
      all(
        properties.Enabled === false ? 'Enabled is false, expected true' : undefined,
        expectSome(properties, 'ScalingConfig.MaximumConcurrency', 'a limit'),
      ),
  },
];
