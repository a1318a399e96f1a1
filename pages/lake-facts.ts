import type { DashboardSet } from '../core/dashboards/types.ts';
import { overTable, type Selection } from '../core/dashboards/visual-sql.ts';
import { askLake } from './ask-lake.ts';
import type { LakeState } from './lake-state.ts';

/** What every page states of the bookings that it shows. */
export interface LakeFacts {
  readonly bookings: number;
  readonly chosen: number;
  readonly withoutTime: number;
  readonly simulated: number;
  /** Instants in UTC as the engine writes them; null where there is none. */
  readonly lastIngested: string | null;
  readonly lastBooked: string | null;
  /** The newest model that has scored; undefined where none has. */
  readonly model: { readonly version: string; readonly scoredAt: string } | undefined;
  /** Every value that a filter by values can take, in order. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

export async function lakeFacts(set: DashboardSet, lake: LakeState, selection: Selection): Promise<LakeFacts> {
  const counted = await count(set, lake, {});
  const chosen = Object.keys(selection).length === 0 ? counted : await count(set, lake, selection);
  return {
    bookings: Number(counted[0]),
    chosen: Number(chosen[0]),
    withoutTime: Number(chosen[1]),
    simulated: Number(chosen[2]),
    lastIngested: counted[3] === null ? null : String(counted[3]),
    lastBooked: counted[4] === null ? null : String(counted[4]),
    model: await modelOf(set, lake),
    options: await optionsOf(set, lake),
  };
}

async function modelOf({ model }: DashboardSet, lake: LakeState): Promise<LakeFacts['model']> {
  if (model === undefined) return undefined;
  const { source, version, scoredAt } = model;
  const sql = `select ${version}, ${scoredAt} from ${source} order by ${version} desc limit 1`;
  const { rows } = await askLake(lake, { sql, parameters: {} });
  const [newest] = rows;
  return newest === undefined ? undefined : { version: String(newest[0]), scoredAt: String(newest[1]) };
}

async function count(set: DashboardSet, lake: LakeState, selection: Selection) {
  const select = `select count(*), count_if(event_time is null), count_if(coalesce(event_time_simulated, false)), max(ingested_at), max(event_time)\nfrom ${set.table}`;
  const { rows } = await askLake(lake, overTable(set, select, selection));
  return rows[0] ?? [0, 0, 0, null, null];
}

async function optionsOf(set: DashboardSet, lake: LakeState): Promise<LakeFacts['options']> {
  const options: Record<string, readonly string[]> = {};
  for (const { id, kind, column } of set.filters) {
    if (kind !== 'values') continue;
    const sql = `select distinct ${column} from ${set.table} where ${column} is not null order by ${column}`;
    const { rows } = await askLake(lake, { sql, parameters: {} });
    options[id] = rows.map(([value]) => String(value));
  }
  return options;
}
