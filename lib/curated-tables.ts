import { type GlueColumn, glueColumns } from '../core/contract/glue-columns.ts';
import type { DatasetPlan, Privacy } from '../core/contract/plan.ts';
import { sqlFiles } from './sql-files.ts';

/** A table of the curated zone. */
export interface CuratedTable {
  readonly name: string;
  readonly columns: readonly GlueColumn[];
  /** Classes of the columns that it holds. */
  readonly privacy: ReadonlySet<Privacy>;
}

/** The tables that `sql/<dataset>/curated` makes: the contract's columns that they select, and the derived ones. */
export function curatedTables(plan: DatasetPlan): CuratedTable[] {
  return sqlFiles(plan.name, 'curated').map(({ name, sql }) => {
    const selects = (column: string) => new RegExp(`\\b${column}\\b`).test(sql);
    const kept = glueColumns(plan).filter((column) => selects(column.name));
    const privacy = plan.columns.filter((column) => selects(column.name)).map((column) => column.privacy);
    return { name, columns: [...kept, ...derived(name)], privacy: new Set(privacy) };
  });
}

/** The plan of a curated table: of the contract's columns, those that it keeps as they are. */
export function curatedPlan(plan: DatasetPlan, { columns }: CuratedTable): DatasetPlan {
  return { ...plan, columns: plan.columns.filter(({ name }) => columns.some((column) => column.name === name)) };
}

/** Types of the columns that the SQL computes; a test asks the engine whether they are all and right. */
const DERIVED: Readonly<Record<string, Readonly<Record<string, { readonly type: string; readonly comment: string }>>>> =
  {
    bookings: {
      event_date: { type: 'date', comment: 'Day of event_time, in UTC; null where the source has no time.' },
      lead_time_bucket: { type: 'string', comment: 'purchase_lead in five groups.' },
      stay_bucket: { type: 'string', comment: 'length_of_stay in four groups.' },
      flight_day_number: { type: 'int', comment: 'flight_day as a number, Monday is 1.' },
      airport_a: { type: 'string', comment: 'First airport of the route by the alphabet.' },
      airport_b: { type: 'string', comment: 'Second airport of the route by the alphabet.' },
      extras: { type: 'int', comment: 'How many of baggage, seat and meals were wanted, 0 to 3.' },
      versions: { type: 'int', comment: 'Rows that carry the key.' },
      is_repeat: { type: 'boolean', comment: 'True where an identical row stands earlier in the same file.' },
    },
  };

function derived(table: string): GlueColumn[] {
  return Object.entries(DERIVED[table] ?? {}).map(([name, column]) => ({ name, ...column }));
}
