/** The part of a template that has to do with one of its resources: scanners take as long as their templates. */
import type { AssemblyStack, TemplateResource } from '../assembly.ts';

/**
 * Ids of the resource, of those that refer to it, and of all that these refer to in turn, so that no reference is left
 * without its resource.
 */
export function aroundOf({ template: { Resources } }: AssemblyStack, id: string): Set<string> {
  const kept = new Set<string>();
  const keep = (name: string) => {
    const resource = Resources[name];
    if (resource === undefined || kept.has(name)) return;
    kept.add(name);
    for (const other of referredBy(resource)) keep(other);
  };
  keep(id);
  for (const [name, resource] of Object.entries(Resources)) if (referredBy(resource).has(id)) keep(name);
  return kept;
}

/** The stack with those resources and no outputs; resources that it has not are passed over. */
export function prunedTo(stack: AssemblyStack, ids: ReadonlySet<string>): AssemblyStack {
  const Resources = Object.fromEntries(Object.entries(stack.template.Resources).filter(([id]) => ids.has(id)));
  const { Outputs: _, ...template } = stack.template;
  return { ...stack, template: { ...template, Resources } };
}

function referredBy(resource: TemplateResource): Set<string> {
  const found = new Set([resource.DependsOn ?? []].flat());
  JSON.stringify(resource, (key, value) => {
    if (key === 'Ref' && typeof value === 'string') found.add(value);
    if (key === 'Fn::GetAtt') found.add(Array.isArray(value) ? `${value[0]}` : (`${value}`.split('.')[0] ?? ''));
    if (key === 'Fn::Sub') for (const [, name = ''] of JSON.stringify(value).matchAll(/\$\{([\w:]+)/g)) found.add(name);
    return value;
  });
  return found;
}
