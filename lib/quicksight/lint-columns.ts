import type { DashboardVersionDefinition } from '@aws-sdk/client-quicksight';
import { type Fault, fault } from './definition-fault.ts';
import type { KnownSet } from './shown-set.ts';
import { nodesOf } from './walk-definition.ts';

/** Columns and data sets that are named and not there. */
export function columnFaults(definition: DashboardVersionDefinition, shown: readonly KnownSet[]): Fault[] {
  const { DataSetIdentifierDeclarations = [], CalculatedFields = [] } = definition;
  const declared = DataSetIdentifierDeclarations.map(({ Identifier }) => Identifier);
  const columnsOf = (set: unknown) => [
    ...(shown.find(({ source }) => source === set)?.columns.map(({ name }) => name) ?? []),
    ...CalculatedFields.filter(({ DataSetIdentifier }) => DataSetIdentifier === set).map(({ Name }) => Name),
  ];
  const named = nodesOf(definition).flatMap(([, { DataSetIdentifier: set, ColumnName, Expression }]) => {
    if (set === undefined) return [];
    const columns =
      typeof ColumnName === 'string'
        ? [ColumnName]
        : [...String(Expression ?? '').matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
    return columns.map((column) => ({ set: String(set), column }));
  });
  const sets = [...new Set(named.map(({ set }) => set))].filter((set) => !declared.includes(set));
  const unknown = named.filter(({ set, column }) => declared.includes(set) && !columnsOf(set).includes(column));
  return [
    ...sets.map((set) => fault('unknown-data-set', `the data set '${set}' is named and not declared`)),
    ...declared
      .filter((set) => shown.every(({ source }) => source !== set))
      .map((set) => fault('unknown-data-set', `the data set '${set}' is declared and there is none of that name`)),
    ...[...new Set(unknown.map(({ set, column }) => `the data set '${set}' has no column '${column}'`))].map(
      (sentence) => fault('unknown-column', sentence),
    ),
  ];
}
