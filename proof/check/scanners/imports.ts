/** Scanners look at one template and know no other: what a stack takes from its neighbours reads to them as unset. */
import { createHash } from 'node:crypto';
import type { AssemblyStack, Template } from '../../assembly.ts';

/**
 * The stacks with each `Fn::ImportValue` of a bucket's, key's or queue's name replaced by one that it may have when
 * deployed. Anything else stays as it is.
 */
export function withImports(stacks: readonly AssemblyStack[]): AssemblyStack[] {
  const exported = new Map(stacks.flatMap((stack) => exportsOf(stack)));
  return stacks.map((stack) => ({ ...stack, template: replaced(stack.template, exported) as Template }));
}

function exportsOf(stack: AssemblyStack): [string, string][] {
  return Object.values(stack.template.Outputs ?? {}).flatMap((output): [string, string][] => {
    const { Export, Value } = Object(output);
    const value = nameOf(stack, Value);
    return typeof Export?.Name === 'string' && value !== undefined ? [[Export.Name, value]] : [];
  });
}

type Name = (stack: AssemblyStack, id: string) => string;

const ACCOUNT = '111122223333';

/** By resource type and attribute; `Ref` where a resource stands for itself. */
const NAMES: Readonly<Record<string, Name>> = {
  'AWS::S3::Bucket Ref': bucketName,
  'AWS::S3::Bucket Arn': (stack, id) => `arn:aws:s3:::${bucketName(stack, id)}`,
  'AWS::KMS::Key Ref': keyId,
  'AWS::KMS::Key Arn': (stack, id) => `arn:aws:kms:${regionOf(stack)}:${ACCOUNT}:key/${keyId(stack, id)}`,
  'AWS::SQS::Queue Arn': (stack, id) => `arn:aws:sqs:${regionOf(stack)}:${ACCOUNT}:${stack.stackName}-${id}`,
};

function nameOf(stack: AssemblyStack, value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = Object(value);
  const [id, name] = typeof Ref === 'string' ? [Ref, 'Ref'] : Array.isArray(attribute) ? attribute : [];
  return NAMES[`${stack.template.Resources[id]?.Type} ${name}`]?.(stack, id);
}

function bucketName({ stackName }: AssemblyStack, id: string): string {
  return `${stackName}-${id}`.toLowerCase();
}

function keyId({ stackName }: AssemblyStack, id: string): string {
  const digits = createHash('sha256').update(`${stackName}/${id}`).digest('hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-');
}

function regionOf({ region = 'us-east-1' }: AssemblyStack): string {
  return region;
}

function replaced(value: unknown, exported: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, exported));
  if (typeof value !== 'object' || value === null) return value;
  const { 'Fn::ImportValue': name } = value as Record<string, unknown>;
  const known = typeof name === 'string' ? exported.get(name) : undefined;
  if (known !== undefined) return known;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, exported)]));
}
