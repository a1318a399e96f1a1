/** An environment of an assembly as rules look at it: references followed, so that no rule meets an `Fn::` of its own. */
import { type AssemblyStack, placeOf, type TemplateResource } from '../assembly.ts';

/** A resource with the properties that it would be deployed with. */
export interface Placed {
  readonly stack: AssemblyStack;
  readonly id: string;
  readonly type: string;
  /** `Prod/Storage/Raw/Resource`. */
  readonly place: string;
  /**
   * Plain values: a reference reads `{{Prod/Storage#Raw72517081.Arn}}` wherever it was made, and the
   * account of whoever deploys `<AWS::AccountId>`.
   */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly resource: TemplateResource;
}

const REFERENCE = /\{\{([^#{}]+)#([^.{}]+)(?:\.([^{}]+))?\}\}/;

/** The stacks of one environment. */
export class Lake {
  readonly name: string;
  readonly stacks: readonly AssemblyStack[];
  readonly resources: readonly Placed[];
  readonly #exports: ReadonlyMap<string, { readonly stack: AssemblyStack; readonly value: unknown }>;
  readonly #byId: ReadonlyMap<string, Placed>;
  readonly #byType = new Map<string, Placed[]>();

  constructor(name: string, stacks: readonly AssemblyStack[]) {
    this.name = name;
    this.stacks = stacks;
    this.#exports = exportsOf(stacks);
    this.resources = stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources).map(([id, resource]) => ({
        stack,
        id,
        type: resource.Type,
        place: placeOf(stack, id),
        properties: (this.resolve(resource.Properties ?? {}, stack) ?? {}) as Record<string, unknown>,
        resource,
      })),
    );
    this.#byId = new Map(this.resources.map((it) => [`${it.stack.name}#${it.id}`, it]));
    for (const it of this.resources) this.#byType.set(it.type, [...(this.#byType.get(it.type) ?? []), it]);
  }

  /** Whether data must outlive its stack here: prod, and each environment that is guarded against deletion anywhere. */
  get isProtected(): boolean {
    return this.name === 'prod' || this.stacks.some(({ terminationProtection }) => terminationProtection);
  }

  ofType(...types: readonly string[]): Placed[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** The resource that a value refers to, or none: the first one where a text names several. */
  target(value: unknown): Placed | undefined {
    const [, stack, id] = REFERENCE.exec(typeof value === 'string' ? value : JSON.stringify(value ?? '')) ?? [];
    return this.#byId.get(`${stack}#${id}`);
  }

  /** Whether a value means this resource, by reference or by the name that it was given, alone or in an ARN. */
  means(value: unknown, { stack, id, properties }: Placed): boolean {
    const found = typeof value === 'string' ? REFERENCE.exec(value) : null;
    if (found !== null) return found[1] === stack.name && found[2] === id;
    if (typeof value !== 'string') return false;
    const name = value.startsWith('arn:') ? value.split(/[:/]/).at(-1) : value;
    return NAMES.some((property) => properties[property] === name);
  }

  /** A value of a template as plain JSON. */
  resolve(value: unknown, stack: AssemblyStack): unknown {
    if (Array.isArray(value))
      return value.map((item) => this.resolve(item, stack)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
    const intrinsic = others.length === 0 ? INTRINSICS[key] : undefined;
    if (intrinsic !== undefined) return intrinsic(argument, this.#scope(stack));
    const entries = Object.entries(value).map(([name, item]) => [name, this.resolve(item, stack)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }

  #scope(stack: AssemblyStack): Scope {
    return {
      stack,
      resolve: (value) => this.resolve(value, stack),
      imported: (name) => {
        const found = this.#exports.get(name);
        return found === undefined ? `{{import ${name}}}` : this.resolve(found.value, found.stack);
      },
    };
  }
}

/** Properties by which a resource is named in the texts of others. */
const NAMES = ['Name', 'JobName', 'QueueName', 'FunctionName', 'DeliveryStreamName', 'StateMachineName', 'TopicName'];

interface Scope {
  readonly stack: AssemblyStack;
  resolve(value: unknown): unknown;
  imported(name: string): unknown;
}

const INTRINSICS: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (argument, { stack }) => reference(stack, `${argument}`),
  'Fn::GetAtt': (argument, { stack }) => {
    const [id, ...attribute] = Array.isArray(argument) ? argument : `${argument}`.split('.');
    return `{{${stack.name}#${id}.${attribute.join('.')}}}`;
  },
  'Fn::ImportValue': (argument, scope) => scope.imported(`${scope.resolve(argument)}`),
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = argument as [string, unknown];
    const resolved = scope.resolve(parts);
    return Array.isArray(resolved) ? resolved.join(separator) : `${resolved}`;
  },
  'Fn::Sub': (argument, scope) => {
    const [text, values] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
    return text.replaceAll(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
      if (name in values) return `${scope.resolve(values[name])}`;
      return name.includes('.') ? `{{${scope.stack.name}#${name}}}` : `${reference(scope.stack, name)}`;
    });
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = argument as [string, unknown];
    return `${scope.resolve(text)}`.split(separator);
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = argument as [number | string, unknown];
    return (scope.resolve(list) as unknown[])[Number(index)];
  },
};

function reference({ name, template }: AssemblyStack, id: string): unknown {
  if (id === 'AWS::NoValue') return undefined;
  if (id.startsWith('AWS::')) return `<${id}>`;
  const parameter = template.Parameters?.[id];
  return parameter === undefined ? `{{${name}#${id}}}` : (parameter as { readonly Default?: unknown }).Default;
}

function exportsOf(stacks: readonly AssemblyStack[]) {
  return new Map(
    stacks.flatMap((stack) =>
      Object.values(stack.template.Outputs ?? {}).flatMap((output) => {
        const { Export, Value } = output as { readonly Export?: { readonly Name?: unknown }; readonly Value: unknown };
        return typeof Export?.Name === 'string' ? [[Export.Name, { stack, value: Value }] as const] : [];
      }),
    ),
  );
}

/** The environments of an assembly; made once, for several checks look at the same one. */
export function lakesOf(stacks: readonly AssemblyStack[]): Lake[] {
  const known = LAKES.get(stacks);
  if (known !== undefined) return known;
  const names = [...new Set(stacks.map(({ environment }) => environment))];
  const lakes = names.map((name) => {
    const own = stacks.filter(({ environment }) => environment === name);
    return new Lake(name, own);
  });
  LAKES.set(stacks, lakes);
  return lakes;
}

const LAKES = new WeakMap<readonly AssemblyStack[], Lake[]>();
