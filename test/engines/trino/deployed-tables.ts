/** What the synthesised app would put into Glue's catalog, as entries of Trino's metastore of files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZONES, type Zone } from '../../../core/ports.ts';
import { dev } from '../../../lib/environments.ts';
import { synthesise } from '../../../proof/cost/synthesise.ts';

/** A table or view of Glue, in CloudFormation's words. */
export interface TableInput {
  readonly Name: string;
  readonly TableType: 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW';
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly PartitionKeys?: readonly Column[];
  readonly ViewOriginalText?: string;
  readonly ViewExpandedText?: string;
  readonly StorageDescriptor: {
    readonly Columns: readonly Column[];
    readonly InputFormat?: string;
    readonly OutputFormat?: string;
    readonly Location?: unknown;
    readonly SerdeInfo: {
      readonly SerializationLibrary?: string;
      readonly Parameters?: Readonly<Record<string, string>>;
    };
  };
}

interface Column {
  readonly Name: string;
  readonly Type: string;
}

/** Tables and views of two databases. */
export interface DeployedTables {
  /** What people query. */
  readonly published: readonly TableInput[];
  /** What the checks of a publication query. */
  readonly candidate: readonly TableInput[];
}

/** The tables and views of the environment `dev`. */
export async function deployedTables(): Promise<DeployedTables> {
  const resources = (await synthesise(dev)).flatMap(({ template }) => Object.values(template.Resources));
  const tables = resources.filter(({ Type }) => Type === 'AWS::Glue::Table').map(({ Properties }) => Properties);
  const ofDatabase = (name: string) =>
    tables.filter((table) => table?.DatabaseName === name).map((table) => table?.TableInput as TableInput);
  const name = `laketwin_${dev.name}`;
  return { published: ofDatabase(name), candidate: ofDatabase(`${name}_candidate`) };
}

/** Columns of a table, those in its path last. */
export function columnsOf({ StorageDescriptor, PartitionKeys = [] }: TableInput): readonly Column[] {
  return [...StorageDescriptor.Columns, ...PartitionKeys];
}

/** Writes the tables as a schema; the zones of the lake are the folders of `local:///<lake>/`. */
export function writeTables(metastore: string, schema: string, lake: string, tables: readonly TableInput[]): void {
  writeSchema(metastore, schema);
  for (const table of tables) {
    const folder = join(metastore, schema, table.Name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.trinoSchema'), JSON.stringify(entry(table, schema, lake)));
  }
}

/** As `create schema` leaves it. */
function writeSchema(metastore: string, schema: string): void {
  mkdirSync(join(metastore, schema), { recursive: true });
  const entry = {
    writerVersion: '476',
    databaseName: schema,
    ownerName: 'laketwin',
    ownerType: 'USER',
    parameters: {},
  };
  writeFileSync(join(metastore, `.${schema}.trinoSchema`), JSON.stringify(entry));
}

function entry(table: TableInput, schema: string, lake: string): object {
  const { StorageDescriptor: storage, ViewOriginalText: view } = table;
  const columns = (of: readonly Column[] = []) =>
    of.map(({ Name, Type }) => ({ name: Name, type: Type, properties: {} }));
  const parameters = Object.entries(table.Parameters ?? {}).map(([name, value]) => [name, textOf(value, lake)]);
  return {
    writerVersion: '476',
    owner: 'laketwin',
    tableType: table.TableType,
    dataColumns: columns(storage.Columns),
    partitionColumns: columns(table.PartitionKeys),
    parameters: Object.fromEntries(parameters),
    originalStorageFormat: {
      ...(storage.SerdeInfo.SerializationLibrary && { serde: storage.SerdeInfo.SerializationLibrary }),
      ...(storage.InputFormat && { inputFormat: storage.InputFormat }),
      ...(storage.OutputFormat && { outputFormat: storage.OutputFormat }),
    },
    serdeParameters: storage.SerdeInfo.Parameters ?? {},
    ...(storage.Location !== undefined && { externalLocation: textOf(storage.Location, lake) }),
    ...(view !== undefined && { viewOriginalText: inSchema(view, schema), viewExpandedText: table.ViewExpandedText }),
    columnStatistics: {},
  };
}

/** A view names the database of its deployment; here it is the schema of the lake. */
function inSchema(view: string, schema: string): string {
  return view.replace(/(?<=Presto View: )\S+/, (definition) => {
    const { ...stored } = JSON.parse(Buffer.from(definition, 'base64').toString());
    return Buffer.from(JSON.stringify({ ...stored, schema })).toString('base64');
  });
}

/** A text of the template, with the folder of the zone for the bucket that it names. */
function textOf(value: unknown, lake: string): string {
  if (typeof value === 'string') return value;
  const join = (value as { 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join'];
  if (join === undefined) throw new Error(`found ${JSON.stringify(value)} in the template, expected Fn::Join`);
  const parts = join[1].map((part) => (typeof part === 'string' ? part : zoneOf(part)));
  return parts.join(join[0]).replace('s3://', `local:///${lake}/`);
}

function zoneOf(bucket: unknown): Zone {
  const text = JSON.stringify(bucket);
  const zone = ZONES.find((name) => new RegExp(`Ref${name}[0-9A-F]`, 'i').test(text));
  if (zone === undefined) throw new Error(`found ${text} in the template, expected the bucket of a zone`);
  return zone;
}
