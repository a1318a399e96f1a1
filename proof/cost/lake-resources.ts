/** The resources of one environment, found by type, with references between stacks followed. */
import type { AssemblyStack, TemplateResource } from '../assembly.ts';

export interface LakeResource {
  /** `<stack>/<logical id>`, unique in the assembly. */
  readonly id: string;
  /** Logical id without the hash that CDK adds: `Raw`, `bookingsstreamStream`. */
  readonly name: string;
  readonly type: string;
  readonly stack: AssemblyStack;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
  readonly properties: any;
}

export class LakeResources {
  readonly all: readonly LakeResource[];
  readonly #exports: ReadonlyMap<string, string>;

  constructor(stacks: readonly AssemblyStack[]) {
    this.all = stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources).map(([id, resource]) => placed(stack, id, resource)),
    );
    this.#exports = new Map(stacks.flatMap(exportsOf));
  }

  ofType(type: string): readonly LakeResource[] {
    return this.all.filter((resource) => resource.type === type);
  }

  /** Whether anything of a service is there: `AWS::QuickSight::`. */
  ofService(prefix: string): readonly LakeResource[] {
    return this.all.filter(({ type }) => type.startsWith(prefix));
  }

  get types(): readonly string[] {
    return [...new Set(this.all.map(({ type }) => type))].sort();
  }

  /** Id of the resource that a `Ref`, `Fn::GetAtt` or `Fn::ImportValue` within `value` points to, if to one of ours. */
  target(from: LakeResource, value: unknown): string | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported, 'Fn::Join': join } = value as Reference;
    if (typeof imported === 'string') return this.#exports.get(imported);
    const id = ref ?? attribute?.[0];
    if (typeof id === 'string') return `${from.stack.stackName}/${id}`;
    return join?.[1].map((part) => this.target(from, part)).find((found) => found !== undefined);
  }
}

interface Reference {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly 'Fn::ImportValue'?: unknown;
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
}

function placed(stack: AssemblyStack, logicalId: string, resource: TemplateResource): LakeResource {
  return {
    id: `${stack.stackName}/${logicalId}`,
    name: logicalId.replace(/[0-9A-F]{8}$/, ''),
    type: resource.Type,
    stack,
    properties: resource.Properties ?? {},
  };
}

interface Output {
  readonly Value?: Reference;
  readonly Export?: { readonly Name?: unknown };
}

function exportsOf({ stackName, template }: AssemblyStack): [string, string][] {
  return Object.values(template.Outputs ?? {}).flatMap((output) => {
    const { Value: value, Export: exported } = output as Output;
    const id = value?.Ref ?? value?.['Fn::GetAtt']?.[0];
    return typeof exported?.Name === 'string' && id !== undefined ? [[exported.Name, `${stackName}/${id}`]] : [];
  });
}
