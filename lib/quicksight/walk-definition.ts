/** Looking through a definition without knowing every kind of visual. */
import type { Visual as QuickSightVisual } from '@aws-sdk/client-quicksight';

export type Node = Readonly<Record<string, unknown>>;

/** Every object within, the outer before the inner, with the key under which it stands. */
export function nodesOf(value: unknown, key = ''): (readonly [string, Node])[] {
  if (Array.isArray(value)) return value.flatMap((one) => nodesOf(one, key));
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Node;
  return [[key, node], ...Object.entries(node).flatMap(([name, inner]) => nodesOf(inner, name))];
}

/** The objects within that stand under one of the keys. */
export function nodesUnder(value: unknown, ...keys: readonly string[]): Node[] {
  return nodesOf(value)
    .filter(([key]) => keys.includes(key))
    .map(([, node]) => node);
}

/** The texts within that stand under the key. */
export function textsUnder(value: unknown, name: string): string[] {
  return nodesOf(value).flatMap(([, node]) => (typeof node[name] === 'string' ? [node[name] as string] : []));
}

export interface AnyVisual {
  /** As in `KPIVisual`. */
  readonly kind: string;
  readonly id: string;
  readonly body: Node;
}

export function anyVisual(visual: QuickSightVisual): AnyVisual {
  const [kind = '', body = {}] = Object.entries(visual)[0] ?? [];
  return { kind, id: String((body as Node).VisualId ?? ''), body: body as Node };
}

/** Names that are there more than once. */
export function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) < at))];
}

/** What stands in a field well of a visual; none where it has no such well. */
export function well(body: Node, name: string): Node[] {
  const wells = nodesUnder(body, 'FieldWells')[0] ?? {};
  const found = nodesOf(wells).flatMap(([, node]) => (Array.isArray(node[name]) ? [node[name] as unknown[]] : []))[0];
  return (found ?? []) as Node[];
}
