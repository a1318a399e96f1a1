/** The tables of the catalog, from the contracts: what Athena finds where. */
import {
  type GlueColumn,
  glueColumns,
  glueParameters,
  gluePartitionKeys,
  hiveType,
} from '../core/contract/glue-columns.ts';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { CHECK_ENTRIES, CHECK_RESULTS } from '../core/lake/check-results.ts';
import type { JsonColumn } from '../core/lake/json-relation.ts';
import { candidatePrefix, publishedPrefix } from '../core/lake/keys.ts';
import { LEDGER, LEDGER_ENTRIES } from '../core/lake/ledger-columns.ts';
import { rejectionsPlan } from '../core/lake/rejections.ts';
import { RUN_ENTRIES, RUNS } from '../core/lake/run-records.ts';
import type { Zone } from '../core/ports.ts';
import { modelTables } from '../datasets/features.ts';
import type { LakeTableProps } from './constructs/lake-table.ts';
import { curatedTables } from './curated-tables.ts';

/** A table but for where it is deployed. */
export interface CatalogTable extends Omit<LakeTableProps, 'database' | 'location' | 'parameters'> {
  readonly zone: Zone;
  /** Folder within the zone, with a slash at its end. */
  readonly prefix: string;
  readonly parameters: (location: string) => Readonly<Record<string, string>>;
}

/** The raw zone has none: its files are as they came, and only the crawler says what that is. */
export function catalogTables(plan: DatasetPlan): CatalogTable[] {
  const { name } = plan;
  return [
    ofFolder(`processed_${name}`, 'processed', name, plan),
    ofFolder(`rejected_${name}`, 'rejected', name, rejectionsPlan),
    ...curatedTables(plan).map((table) =>
      ofList(table.name, plan, publishedPrefix(table.name), [...table.columns, ...gluePartitionKeys(plan)]),
    ),
    ...modelTables(name).map((table) => ({
      ...ofFolder(table.name, 'curated', table.name, table),
      partitionKeys: [{ name: table.partitionBy, type: 'date', comment: 'Day on which bookings were scored, in UTC.' }],
    })),
  ];
}

/** What the checks of a publication look at, all of one moment, under the names that readers know. */
export function candidateTables(plan: DatasetPlan): CatalogTable[] {
  const { name } = plan;
  return [
    ofList(`processed_${name}`, plan, candidatePrefix(`processed_${name}`), glueColumns(plan)),
    ofList(`rejected_${name}`, rejectionsPlan, candidatePrefix(`rejected_${name}`), glueColumns(rejectionsPlan)),
    ...curatedTables(plan).map((table) =>
      ofList(table.name, plan, candidatePrefix(table.name), [...table.columns, ...gluePartitionKeys(plan)]),
    ),
    { ...ledgerTable, zone: 'curated', prefix: candidatePrefix(LEDGER_ENTRIES) },
  ];
}

/** Every file of a folder a day. */
function ofFolder(name: string, zone: Zone, folder: string, plan: DatasetPlan): CatalogTable {
  return {
    name,
    zone,
    description: plan.description,
    prefix: `${folder}/`,
    format: 'parquet',
    columns: glueColumns(plan),
    partitionKeys: gluePartitionKeys(plan),
    parameters: (location) => glueParameters(plan, location),
  };
}

/** The files that a list names: a whole table changes in one put of that list, and no reader sees half of it. */
function ofList(name: string, plan: DatasetPlan, prefix: string, columns: readonly GlueColumn[]): CatalogTable {
  const { description } = plan;
  return { name, zone: 'curated', description, prefix, format: 'listed', columns, parameters: () => OUTER };
}

const OUTER = { EXTERNAL: 'TRUE' };

/** The ledger's entries as they are stored. */
const ledgerTable: CatalogTable = jsonTable({
  name: LEDGER_ENTRIES,
  zone: 'processed',
  description: 'One row per object that was taken in, as its entry is stored.',
  prefix: 'ledger/',
  columns: LEDGER,
  more: [{ name: 'rejected_by_reason', type: 'map<string,bigint>', field: 'rejectedByReason' }],
});

/** What the checks of publications said, as it is stored. */
const checksTable: CatalogTable = jsonTable({
  name: CHECK_ENTRIES,
  zone: 'curated',
  description: 'One row per check and publication that was tried.',
  prefix: 'checks/',
  columns: CHECK_RESULTS,
  more: [],
});

/** What each run of the pipeline did, as it is stored. */
const runsTable: CatalogTable = jsonTable({
  name: RUN_ENTRIES,
  zone: 'curated',
  description: 'One row per run of the pipeline that has ended.',
  prefix: 'runs/',
  columns: RUNS,
  more: [],
});

/** Tables of all datasets together. */
export const sharedTables: readonly CatalogTable[] = [ledgerTable, checksTable, runsTable];

interface JsonTable extends Pick<CatalogTable, 'name' | 'zone' | 'description' | 'prefix'> {
  readonly columns: Readonly<Record<string, JsonColumn>>;
  readonly more: readonly { readonly name: string; readonly type: string; readonly field: string }[];
}

/** Times and days are texts, because JSON has none; a view makes them again. */
function jsonTable({ columns, more, ...table }: JsonTable): CatalogTable {
  const all = [
    ...Object.entries(columns).map(([name, { field, type, description }]) => ({
      name,
      field,
      type: type.kind === 'timestamp' || type.kind === 'date' ? 'string' : hiveType(type),
      comment: description,
    })),
    ...more.map((column) => ({ ...column, comment: 'Reason to the rows refused for it.' })),
  ];
  return {
    ...table,
    format: 'json',
    columns: all.map(({ name, type, comment }) => ({ name, type, comment })),
    parameters: () => ({ ...OUTER, classification: 'json' }),
    serdeParameters: {
      'serialization.format': '1',
      // Otherwise the keys would be made small before they are compared with the mapping.
      'case.insensitive': 'FALSE',
      ...Object.fromEntries(all.map(({ name, field }) => [`mapping.${name}`, field])),
    },
  };
}
