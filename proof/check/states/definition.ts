/** State machines of a template as their language has them: every reference put in as an ARN that might be. */
import type { Lake, Placed } from '../lake.ts';
import { at } from '../own-rules/rule.ts';

export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next?: string }[];
  readonly Catch?: readonly Handler[];
  readonly Retry?: readonly Handler[];
  readonly Resource?: string;
  readonly Parameters?: unknown;
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly Branches?: readonly Definition[];
  readonly Iterator?: Definition;
  readonly ItemProcessor?: Definition;
}

export interface Handler {
  readonly ErrorEquals?: readonly string[];
  readonly Next?: string;
  readonly MaxAttempts?: number;
}

export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
}

/** Values that CloudFormation puts in by itself. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'eu-west-3',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What stands before the name of a resource in its ARN. */
const ARN: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'arn:aws:s3:::',
  'AWS::Lambda::Function': 'arn:aws:lambda:eu-west-3:111122223333:function:',
  'AWS::IAM::Role': 'arn:aws:iam::111122223333:role/',
  'AWS::SNS::Topic': 'arn:aws:sns:eu-west-3:111122223333:',
  'AWS::SQS::Queue': 'arn:aws:sqs:eu-west-3:111122223333:',
  'AWS::StepFunctions::StateMachine': 'arn:aws:states:eu-west-3:111122223333:stateMachine:',
  'AWS::KMS::Key': 'arn:aws:kms:eu-west-3:111122223333:key/',
  'AWS::Logs::LogGroup': 'arn:aws:logs:eu-west-3:111122223333:log-group:',
};

/** Types whose `Ref` is their ARN. */
const REF_IS_ARN = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine'];

/** The definition with its references written by `write`, or what is wrong with it as JSON. */
export function definitionOf(
  { properties }: Placed,
  lake: Lake,
  write: (text: string, lake: Lake) => string = plausible,
): Definition | string {
  const written = properties.DefinitionString ?? properties.Definition;
  if (written === undefined) return 'DefinitionString is missing, expected a definition';
  const text = write(typeof written === 'string' ? written : JSON.stringify(written), lake);
  try {
    const definition: unknown = JSON.parse(text);
    return typeof at(definition, 'States') === 'object'
      ? (definition as Definition)
      : 'the definition has no States, expected a state machine';
  } catch (error) {
    return `the definition is no JSON (${(error as Error).message}), expected a state machine`;
  }
}

/** A text with an ARN or a name that might be for each reference. */
export function plausible(text: string, lake: Lake): string {
  return text
    .replaceAll(/\{\{[^#{}]+#[^{}]+\}\}/g, (reference) => {
      const found = lake.target(reference);
      const isArn = /Arn\}\}$/.test(reference) || REF_IS_ARN.includes(found?.type ?? '');
      const name = found?.id.toLowerCase() ?? 'unknown';
      return isArn ? `${ARN[found?.type ?? ''] ?? 'arn:aws:unknown:eu-west-3:111122223333:'}${name}` : name;
    })
    .replaceAll(/<(AWS::\w+)>/g, (_, name: string) => PSEUDO[name] ?? name);
}

/** Every machine within a machine, itself first. */
export function scopesOf(definition: Definition): Definition[] {
  const inner = Object.values(definition.States).flatMap(({ Branches = [], Iterator: iterator, ItemProcessor }) =>
    [...Branches, iterator, ItemProcessor].filter((it) => it !== undefined),
  );
  return [definition, ...inner.flatMap(scopesOf)];
}

/** States that may come after a state, when all goes well and when it fails. */
export function after({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  const names = [Next, Default, ...Choices.map((it) => it.Next), ...Catch.map((it) => it.Next)];
  return names.filter((name) => name !== undefined);
}

/** States that can be reached from some of a scope, themselves included. */
export function reachable({ States }: Definition, from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    const state = States[name];
    if (state === undefined || found.has(name)) return;
    found.add(name);
    for (const next of after(state)) visit(next);
  };
  for (const name of from) visit(name);
  return found;
}
