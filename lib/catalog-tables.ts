/** The tables of the catalog, from the contracts: what Athena finds where. */
import {
  type GlueColumn,
  glueColumns,
  glueParameters,
  gluePartitionKeys,
  hiveType,
} from '../core/contract/glue-columns.ts';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { candidatePrefix, publishedPrefix } from '../core/lake/keys.ts';
import { LEDGER, LEDGER_ENTRIES } from '../core/lake/ledger-columns.ts';
import { rejectionsPlan } from '../core/lake/rejections.ts';
import type { Zone } from '../core/ports.ts';
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

/** The ledger's entries as they are stored; times and days are texts, because JSON has none. */
export const ledgerTable: CatalogTable = {
  name: LEDGER_ENTRIES,
  zone: 'processed',
  description: 'One row per object that was taken in, as its entry is stored.',
  prefix: 'ledger/',
  format: 'json',
  columns: [
    ...Object.entries(LEDGER).map(([name, { type, description }]) => ({
      name,
      type: type.kind === 'int64' ? hiveType(type) : 'string',
      comment: description,
    })),
    { name: 'rejected_by_reason', type: 'map<string,bigint>', comment: 'Reason to the rows refused for it.' },
  ],
  parameters: () => ({ EXTERNAL: 'TRUE', classification: 'json' }),
  serdeParameters: {
    'serialization.format': '1',
    // Otherwise the keys would be made small before they are compared with the mapping.
    'case.insensitive': 'FALSE',
    ...Object.fromEntries(Object.entries(LEDGER).map(([name, { field }]) => [`mapping.${name}`, field])),
    'mapping.rejected_by_reason': 'rejectedByReason',
  },
};
