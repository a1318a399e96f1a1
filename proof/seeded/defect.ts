import type { AssemblyStack, TemplateResource } from '../assembly.ts';

/** One control removed or weakened, as a careless change would. */
export interface Defect {
  readonly id: string;
  /** What is lost by it: a sentence. */
  readonly weakens: string;
  /** Type of the resources that it may befall. */
  readonly type: string;
  /** Which of them, by their place in the code; all of those that the change changes where none is said. */
  readonly place?: RegExp;
  readonly change: Change;
}

/** Changes a copy of a resource, or the copy of the stack around it. */
export type Change = (resource: Draft, stack: StackDraft, id: string) => void;

/** A resource that may be changed. */
export interface Draft {
  readonly Type: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** A stack that may be changed. */
export interface StackDraft {
  terminationProtection: boolean;
  readonly template: { readonly Resources: Record<string, TemplateResource>; Outputs?: Record<string, unknown> };
}

/** A defect's place in an environment, and the environment with it. */
export interface Seeded {
  readonly defect: Defect;
  /** Stack that was changed. */
  readonly stack: string;
  readonly resource: string;
  readonly stacks: readonly AssemblyStack[];
}

/**
 * The environment with the defect, once for each place where it changes something: prod, or the first of the others that
 * has such a place. Throws where none has: a defect that changes nothing proves nothing.
 */
export function seed(defect: Defect, stacks: readonly AssemblyStack[]): Seeded[] {
  const environments = [...new Set(stacks.map(({ environment }) => environment))];
  const inOrder = ['prod', ...environments.filter((name) => name !== 'prod')];
  for (const environment of inOrder) {
    const own = stacks.filter((it) => it.environment === environment);
    const found = own.flatMap((it) => within(defect, it, own));
    if (found.length > 0) return found;
  }
  throw new Error(`defect '${defect.id}' finds no ${defect.type} to change, expected one in the assembly`);
}

function within(defect: Defect, stack: AssemblyStack, stacks: readonly AssemblyStack[]): Seeded[] {
  const ids = Object.keys(stack.template.Resources).filter((id) => isTarget(defect, stack, id));
  return ids.flatMap((id) => {
    const changed = structuredClone(stack);
    const resource = changed.template.Resources[id] as Draft;
    defect.change(resource, changed as unknown as StackDraft, id);
    if (JSON.stringify(changed) === JSON.stringify(stack)) return [];
    const all = stacks.map((it) => (it === stack ? changed : it));
    return [{ defect, stack: stack.name, resource: id, stacks: all }];
  });
}

function isTarget({ type, place }: Defect, { template }: AssemblyStack, id: string): boolean {
  const resource = template.Resources[id];
  if (resource?.Type !== type) return false;
  return place === undefined || place.test(`${resource.Metadata?.['aws:cdk:path'] ?? id}`);
}
