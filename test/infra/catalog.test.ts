import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryType } from '../../core/contract/duckdb-type.ts';
import { storedColumns } from '../../core/contract/plan.ts';
import { MODEL_TABLES } from '../../core/model/score-tables.ts';
import { datasets } from '../../datasets/index.ts';
import { curatedTables } from '../../lib/curated-tables.ts';
import { proven } from '../../lib/environments.ts';
import { sqlFiles } from '../../lib/sql-files.ts';
import { ofType, synthesise } from './templates.ts';

const stacks = synthesise();
const HIVE_NAMES: Readonly<Record<string, string>> = { varchar: 'string', integer: 'int' };
let engine: DuckDBInstance;

beforeAll(async () => {
  engine = await DuckDBInstance.create(':memory:');
});
afterAll(() => engine.closeSync());

test.each(datasets.map((plan) => [plan.name, plan] as const))(
  'the curated tables of %s have the columns that their SQL makes',
  async (_name, plan) => {
    const connection = await engine.connect();
    const stored = storedColumns(plan).map(({ name, type }) => `${name} ${queryType(type)}`);
    const lake = ['versions integer', 'is_repeat boolean', `${plan.partitionBy} date`];
    await connection.run(`create table settled_${plan.name} (${[...stored, ...lake].join(', ')})`);
    for (const { name, sql } of sqlFiles(plan.name, 'curated')) {
      const described = await connection.runAndReadAll(`describe ${sql}`);
      const made = described.getRowObjects().map((row) => {
        const type = String(row.column_type).toLowerCase();
        return `${row.column_name} ${HIVE_NAMES[type] ?? type}`;
      });
      const table = curatedTables(plan).find((it) => it.name === name);
      const columns = [...(table?.columns ?? []), { name: plan.partitionBy, type: 'date' }];
      expect(columns.map((column) => `${column.name} ${column.type}`).sort()).toEqual(made.sort());
    }
    connection.closeSync();
  },
);

const tables = ofType(stacks, 'AWS::Glue::Table').map(({ Properties }) => Properties);

test('a table over folders finds its days without a crawler', () => {
  const folders = tables.filter(({ TableInput }) => TableInput.Parameters['projection.enabled'] === 'true');
  expect(new Set(folders.map(({ TableInput }) => TableInput.Name))).toEqual(
    new Set(['processed_bookings', 'rejected_bookings', ...MODEL_TABLES.map(({ name }) => name)]),
  );
  for (const { TableInput } of folders) {
    const day = MODEL_TABLES.find(({ name }) => name === TableInput.Name)?.partitionBy ?? 'ingest_date';
    expect(TableInput.PartitionKeys).toMatchObject([{ Name: day, Type: 'date' }]);
    expect(TableInput.Parameters).toMatchObject({
      [`projection.${day}.type`]: 'date',
      'storage.location.template': expect.anything(),
    });
  }
});

test('a curated table is the files of one list, which another list of the candidate database comes before', () => {
  const listed = tables.filter(({ TableInput }) => /Symlink/.test(TableInput.StorageDescriptor?.InputFormat ?? ''));
  const published = listed.filter(({ DatabaseName }) => !String(DatabaseName).endsWith('_candidate'));
  expect(published.map(({ TableInput }) => TableInput.Name)).toEqual(proven.map(() => 'bookings'));
  for (const { DatabaseName, TableInput } of listed) {
    const folder = String(DatabaseName).endsWith('_candidate') ? 'candidate' : 'published';
    expect(JSON.stringify(TableInput.StorageDescriptor.Location)).toContain(`/${folder}/${TableInput.Name}/"`);
    expect(TableInput.PartitionKeys).toEqual([]);
  }
  for (const { TableInput } of published) {
    expect(TableInput.StorageDescriptor.Columns).toContainEqual(expect.objectContaining({ Name: 'ingest_date' }));
  }
});

test('every view of a dataset is deployed, with the columns that the engines give', () => {
  for (const plan of datasets) {
    for (const { name } of sqlFiles(plan.name, 'views')) {
      const views = tables.filter(({ TableInput }) => TableInput.Name === name);
      expect(views, name).toHaveLength(proven.length);
      for (const { TableInput } of views) expect(TableInput.TableType).toBe('VIRTUAL_VIEW');
    }
  }
});

test('the crawlers look over raw and curated, with encrypted logs, and write apart from the contracts', () => {
  const crawlers = ofType(stacks, 'AWS::Glue::Crawler');
  expect(crawlers).toHaveLength(2 * proven.length);
  for (const { Properties } of crawlers) {
    expect(Properties.CrawlerSecurityConfiguration).toBeDefined();
    expect(Properties.DatabaseName).toMatch(/_crawled$/);
  }
});

test('every saved query reads only what the catalog has, and leaves no parameter open', () => {
  const queries = ofType(stacks, 'AWS::Athena::NamedQuery');
  expect(queries.length).toBeGreaterThan(0);
  for (const { id, Properties } of queries) {
    expect(Properties.QueryString.replace(/^--.*$/gm, ''), id).not.toMatch(/(?<![:\w]):[a-z]/);
  }
});
