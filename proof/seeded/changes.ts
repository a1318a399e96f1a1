/** The ways in which a defect changes a resource. */
import type { TemplateResource } from '../assembly.ts';
import type { Change, StackDraft } from './defect.ts';

/** Sets a property such as `A.B.0.C`, of which all but the last part is there; removes it where no value is given. */
export function set(path: string, value?: unknown): Change {
  return (resource) => {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const parent = valueAt(resource.Properties, parts.join('.'));
    if (typeof parent !== 'object' || parent === null) return;
    if (value !== undefined) Reflect.set(parent, last, value);
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else Reflect.deleteProperty(parent, last);
  };
}

/** Sets a property where it is there already: a resource without it is no place for the defect. */
export function replace(path: string, value: unknown): Change {
  return (resource, stack, id) => {
    const found = valueAt(resource.Properties, path);
    if (found !== undefined) set(path, value)(resource, stack, id);
  };
}

/** Changes each object anywhere within the properties that holds this member. */
export function everywhere(member: string, change: (holder: Record<string, unknown>) => void): Change {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (member in value) change(value as Record<string, unknown>);
    for (const inner of Object.values(value)) visit(inner);
  };
  return ({ Properties: properties }) => visit(properties);
}

/** Keeps of a list those items that the test does not match. */
export function drop(path: string, isDropped: (item: unknown) => boolean): Change {
  return (resource, stack, id) => {
    const items = valueAt(resource.Properties, path);
    if (Array.isArray(items))
      set(
        path,
        items.filter((item) => !isDropped(item)),
      )(resource, stack, id);
  };
}
/** Adds an item to a list, or begins one. */
export function add(path: string, item: unknown): Change {
  return (resource, stack, id) => {
    const items = valueAt(resource.Properties, path);
    set(path, [...(Array.isArray(items) ? items : []), item])(resource, stack, id);
  };
}

/** Sets what stands beside the properties. */
export function attribute(name: 'DeletionPolicy' | 'UpdateReplacePolicy', value: string): Change {
  return (resource) => {
    resource[name] = value;
  };
}

/** Takes the resource away. */
export const gone: Change = (_, { template }, id) => {
  delete template.Resources[id];
};
/** Adds another resource to the stack. */
export function beside(make: (id: string) => TemplateResource): Change {
  return (_, { template }, id) => {
    template.Resources.SeededDefect = make(id);
  };
}

function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path.split('.').reduce<unknown>((inner, part) => Object(inner)[part], value);
}

/** Logical id of a resource of the stack, by its type and its place in the code; empty where there is none. */
export function idOf({ template }: StackDraft, type: string, place: RegExp): string {
  const found = Object.entries(template.Resources).find(
    ([id, { Type, Metadata }]) => Type === type && place.test(`${Metadata?.['aws:cdk:path'] ?? id}`),
  );
  return found?.[0] ?? '';
}
