import { type DatasetPlan, requiredColumns, sourceColumns } from '../contract/plan.ts';

/** Which cell of a record holds which column. */
export interface HeaderMap {
  /** Cells that every record must have. */
  readonly width: number;
  /** Place of the cell, from 0, by column name; absent for a column that the file lacks. */
  readonly places: ReadonlyMap<string, number>;
  /** Header cells that no column takes. */
  readonly unknown: readonly string[];
  /** Columns that must be there and are not. */
  readonly missing: readonly string[];
}

/**
 * Matches a header with the columns of a plan: in any order, in any letter case, spaces around a name cut. Framing has
 * refused a header that names a column twice.
 */
export function mapHeader(plan: DatasetPlan, header: readonly string[]): HeaderMap {
  const known = new Map(sourceColumns(plan).map(({ name }) => [name.toLowerCase(), name]));
  const places = new Map<string, number>();
  const unknown: string[] = [];
  for (const [place, cell] of header.entries()) {
    const name = known.get(cell.trim().toLowerCase());
    if (name === undefined) unknown.push(cell);
    else places.set(name, place);
  }
  const missing = requiredColumns(plan)
    .map(({ name }) => name)
    .filter((name) => !places.has(name));
  return { width: header.length, places, unknown, missing };
}
