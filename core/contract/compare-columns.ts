import type { GlueColumn } from './glue-columns.ts';
import { type DatasetPlan, requiredColumns } from './plan.ts';

/** A column as a crawler saw it. */
export interface SeenColumn {
  readonly name: string;
  /** In Hive's words; of text files a guess. */
  readonly type: string;
}

/** What a crawler saw otherwise than the contract has it, one sentence each; empty where they agree. */
export function compareColumns(
  expected: readonly Omit<GlueColumn, 'comment'>[],
  seen: readonly SeenColumn[],
): string[] {
  const found = new Map(seen.map(({ name, type }) => [name, type]));
  const known = new Set(expected.map(({ name }) => name));
  return [
    ...expected.flatMap(({ name, type }) => {
      const other = found.get(name);
      if (other === undefined) return [`${name} is not there`];
      return other === type ? [] : [`${name} is ${other}, the contract says ${type}`];
    }),
    ...seen.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} is not in the contract`),
  ];
}

/** The same for files as they came, of which only the names of columns count: the reader of rows decides on values. */
export function compareSourceColumns(plan: DatasetPlan, seen: readonly SeenColumn[]): string[] {
  const found = new Set(seen.map(({ name }) => name.toLowerCase()));
  const known = new Set(plan.columns.map(({ name }) => name));
  return [
    ...requiredColumns(plan)
      .filter(({ name }) => !found.has(name))
      .map(({ name }) => `${name} is not there, and every row must have it`),
    ...[...found].filter((name) => !known.has(name)).map((name) => `${name} is not in the contract`),
  ];
}
