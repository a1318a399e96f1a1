import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryType } from '../../core/contract/duckdb-type.ts';
import { storedColumns } from '../../core/contract/plan.ts';
import { datasets } from '../../datasets/index.ts';
import { curatedTables } from '../../lib/curated-tables.ts';
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

test('every table finds its partitions without a crawler', () => {
  const tables = ofType(stacks, 'AWS::Glue::Table');
  expect(new Set(tables.map(({ Properties }) => Properties.TableInput.Name))).toEqual(
    new Set(['processed_bookings', 'rejected_bookings', 'bookings']),
  );
  for (const { Properties } of tables) {
    expect(Properties.TableInput.PartitionKeys).toMatchObject([{ Name: 'ingest_date', Type: 'date' }]);
    expect(Properties.TableInput.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.ingest_date.type': 'date',
      'storage.location.template': expect.anything(),
    });
  }
});

test('the crawlers look over raw and curated, with encrypted logs, and write apart from the contracts', () => {
  const crawlers = ofType(stacks, 'AWS::Glue::Crawler');
  expect(crawlers).toHaveLength(6);
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
    expect(Properties.QueryString).not.toMatch(/\b(from|join) ledger\b/);
  }
});
