/** Fixed values for what CloudFormation only knows once it deploys, the same across all stacks of an assembly. */
import type { AssemblyStack } from '../assembly.ts';

/**
 * The account of every environment that names none: one and the same, because that is where one environment could reach
 * into another by its identity policies alone.
 */
export const ACCOUNT = '111122223333';

/** Fills in the intrinsic functions of a value. Throws on one that it does not know. */
export type Resolve = (value: unknown) => unknown;

/** ARN of a resource, made up of what it is and where it stands. */
export function arnOf(stack: AssemblyStack, logicalId: string): string {
  const { Type = '', Properties = {} } = stack.template.Resources[logicalId] ?? {};
  const name = physicalName(stack, logicalId);
  const place = (service: string) => `arn:aws:${service}:${regionOf(stack)}:${ACCOUNT}`;
  switch (Type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${ACCOUNT}:role${Properties.Path ?? '/'}${name}`;
    case 'AWS::KMS::Key':
      return `${place('kms')}:key/${name}`;
    case 'AWS::SQS::Queue':
      return `${place('sqs')}:${name}`;
    case 'AWS::SNS::Topic':
      return `${place('sns')}:${name}`;
    case 'AWS::Logs::LogGroup':
      return `${place('logs')}:log-group:${name}:*`;
    default: {
      const [, service = '', kind = ''] = Type.toLowerCase().split('::');
      return `${place(service)}:${kind}/${name}`;
    }
  }
}

/** The name that a template gives, or one that only this resource has. */
export function physicalName(stack: AssemblyStack, logicalId: string): string {
  const { Type = '', Properties = {} } = stack.template.Resources[logicalId] ?? {};
  const given = Properties[NAMED[Type] ?? 'Name'];
  return typeof given === 'string' ? given : `${stack.stackName}-${logicalId}`.toLowerCase();
}

const NAMED: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Lambda::Function': 'FunctionName',
};

/** Names whose `Ref` is an ARN. */
const REF_IS_ARN = new Set(['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine', 'AWS::IAM::ManagedPolicy']);

export function resolver(stacks: readonly AssemblyStack[]): (stack: AssemblyStack) => Resolve {
  const exports = new Map<string, { stack: AssemblyStack; value: unknown }>();
  for (const stack of stacks) {
    for (const output of Object.values(stack.template.Outputs ?? {})) {
      const { Export, Value } = Object(output);
      if (typeof Export?.Name === 'string') exports.set(Export.Name, { stack, value: Value });
    }
  }
  const within = (stack: AssemblyStack): Resolve => {
    const resolve: Resolve = (value) => {
      if (Array.isArray(value)) return value.map(resolve);
      if (typeof value !== 'object' || value === null) return value;
      const [[name = '', argument] = [], ...others] = Object.entries(value);
      const intrinsic = others.length === 0 ? INTRINSICS[name] : undefined;
      if (intrinsic !== undefined) return intrinsic(argument, { stack, resolve, imported });
      if (name.startsWith('Fn::')) throw new Error(`${stack.name} holds ${name}, which is not resolved here`);
      return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, resolve(it)]));
    };
    return resolve;
  };
  const imported = (name: string) => {
    const found = exports.get(name);
    if (found === undefined) throw new Error(`no stack exports '${name}', which another one imports`);
    return within(found.stack)(found.value);
  };
  return within;
}

interface Surroundings {
  readonly stack: AssemblyStack;
  readonly resolve: Resolve;
  readonly imported: (name: string) => unknown;
}

const INTRINSICS: Readonly<Record<string, (argument: unknown, surroundings: Surroundings) => unknown>> = {
  Ref: (name, { stack }) => reference(stack, `${name}`),
  'Fn::GetAtt': (argument, { stack }) =>
    attribute(stack, typeof argument === 'string' ? argument.split('.') : argument),
  'Fn::Join': (argument, { resolve }) => {
    const [separator, parts] = Array.isArray(argument) ? argument : [];
    const texts = resolve(parts);
    return Array.isArray(texts) ? texts.join(`${separator}`) : texts;
  },
  'Fn::Sub': (argument, { stack, resolve }) => {
    const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
    const given: Readonly<Record<string, unknown>> = Object(resolve(values));
    return `${text}`.replaceAll(/\$\{([^!}]+)\}/g, (_, name: string) =>
      name in given
        ? `${given[name]}`
        : `${name.includes('.') ? attribute(stack, name.split('.')) : reference(stack, name)}`,
    );
  },
  'Fn::ImportValue': (name, { imported, resolve }) => imported(`${resolve(name)}`),
  'Fn::Select': (argument, { resolve }) => {
    const [index, values] = Array.isArray(argument) ? argument : [];
    return Object(resolve(values))[Number(index)];
  },
  'Fn::Split': (argument, { resolve }) => {
    const [separator, text] = Array.isArray(argument) ? argument : [];
    return `${resolve(text)}`.split(`${separator}`);
  },
};

function reference(stack: AssemblyStack, name: string): unknown {
  const pseudo = PSEUDO[name]?.(stack);
  if (pseudo !== undefined) return pseudo;
  const parameter = stack.template.Parameters?.[name];
  if (parameter !== undefined) return `${Object(parameter).Default ?? name}`;
  const resource = stack.template.Resources[name];
  if (resource === undefined) throw new Error(`${stack.name} refers to '${name}', which it does not hold`);
  return REF_IS_ARN.has(resource.Type) ? arnOf(stack, name) : physicalName(stack, name);
}

const PSEUDO: Readonly<Record<string, (stack: AssemblyStack) => unknown>> = {
  'AWS::AccountId': () => ACCOUNT,
  'AWS::Partition': () => 'aws',
  'AWS::Region': regionOf,
  'AWS::StackName': ({ stackName }) => stackName,
  'AWS::URLSuffix': () => 'amazonaws.com',
  'AWS::NoValue': () => undefined,
};

function attribute(stack: AssemblyStack, argument: unknown): unknown {
  const [logicalId, name] = Array.isArray(argument) ? argument.map(String) : [];
  if (logicalId === undefined || stack.template.Resources[logicalId] === undefined) {
    throw new Error(`${stack.name} asks for an attribute of '${logicalId}', which it does not hold`);
  }
  if (name === 'Arn' || name?.endsWith('Arn')) return arnOf(stack, logicalId);
  return `${physicalName(stack, logicalId)}.${name}`;
}

export function regionOf({ region }: AssemblyStack): string {
  return region === undefined || region === 'unknown-region' ? 'eu-west-3' : region;
}
