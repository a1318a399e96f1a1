import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { glueColumns, gluePartitionKeys } from '../core/contract/glue-columns.ts';
import { requiredColumns } from '../core/contract/plan.ts';
import { bookings } from '../datasets/bookings/contract.ts';
import { compareCatalog, glueTables } from '../lambdas/compare-catalog/compare-catalog.ts';
import { type Moto, startMoto } from './moto.ts';

const COLUMNS = [...glueColumns(bookings), ...gluePartitionKeys(bookings)].map(({ name, type }) => ({ name, type }));
const FILE = requiredColumns(bookings).map(({ name }) => ({ name, type: 'string' }));
let moto: Moto;
let glue: GlueClient;
let lakes = 0;
let database: string;

beforeAll(async () => {
  moto = await startMoto();
  glue = new GlueClient(moto.settings);
});
afterAll(() => moto.stop());
beforeEach(async () => {
  database = `lake_${lakes++}`;
  for (const Name of [database, `${database}_crawled`]) {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
  }
  await table(database, 'bookings', COLUMNS);
});

test('nothing is said where crawlers saw what the contracts say', async () => {
  await table(`${database}_crawled`, 'curated_bookings', COLUMNS);
  await table(`${database}_crawled`, 'raw_bookings', FILE);
  expect(await compare()).toEqual([]);
});

test('a column of another type, one too many and one too few are each told of', async () => {
  const changed = COLUMNS.filter(({ name }) => name !== 'route').map((column) =>
    column.name === 'num_passengers' ? { ...column, type: 'bigint' } : column,
  );
  await table(`${database}_crawled`, 'curated_bookings', [...changed, { name: 'surprise', type: 'string' }]);
  expect(await compare()).toEqual([
    {
      table: 'curated_bookings',
      differences: [
        'num_passengers is bigint, the contract says int',
        'route is not there',
        'surprise is not in the contract',
      ],
    },
  ]);
});

test('a raw file may lack what may be missing, and a type that the crawler guessed does not count', async () => {
  await table(`${database}_crawled`, 'raw_bookings', [...FILE, { name: 'customer_id', type: 'bigint' }]);
  expect(await compare()).toEqual([]);
});

test('a raw file of another make, which becomes a table of its own, is told of', async () => {
  await table(`${database}_crawled`, 'raw_bookings_0a1b', [{ name: 'col0', type: 'string' }, ...FILE.slice(1)]);
  expect(await compare()).toEqual([
    {
      table: 'raw_bookings_0a1b',
      differences: [`${FILE[0]?.name} is not there, and every row must have it`, 'col0 is not in the contract'],
    },
  ]);
});

test('a folder that no contract knows is told of', async () => {
  await table(`${database}_crawled`, 'curated_forgotten', COLUMNS);
  expect(await compare()).toEqual([{ table: 'curated_forgotten', differences: ['no contract knows such a folder'] }]);
});

function compare() {
  const crawledDatabase = `${database}_crawled`;
  return compareCatalog({ plans: [bookings], database, crawledDatabase, tablesOf: glueTables(glue) });
}

async function table(DatabaseName: string, Name: string, columns: readonly { name: string; type: string }[]) {
  const Columns = columns.map((column) => ({ Name: column.name, Type: column.type }));
  await glue.send(new CreateTableCommand({ DatabaseName, TableInput: { Name, StorageDescriptor: { Columns } } }));
}
