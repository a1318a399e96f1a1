import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ANSWERS } from './athena-answers.ts';
import { installMacros, MACROS } from './macros.ts';

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await installMacros(connection);
});

test.each(ANSWERS)('%s answers as Athena does: %s', async (expression, expected) => {
  const reader = await connection.runAndReadAll(`select cast(${expression} as varchar)`);
  expect(reader.getRows()[0]?.[0]).toBe(expected);
});

test('every macro has an example here', () => {
  const all = ANSWERS.map(([expression]) => expression).join('\n');
  expect(Object.keys(MACROS).filter((name) => !new RegExp(`\\b${name}\\(`).test(all))).toEqual([]);
});

test('instants are read and shown in UTC, wherever the machine stands', async () => {
  const reader = await connection.runAndReadAll("select cast(timestamptz '2024-05-01 23:30:00+00' as date)");
  expect(reader.getRowsJson()).toEqual([['2024-05-01']]);
});

test('fails on a unit that Athena does not know', async () => {
  await expect(connection.run("select date_add('lightyear', 1, date '2024-01-01')")).rejects.toThrow(
    /date_add knows no unit lightyear/,
  );
});
