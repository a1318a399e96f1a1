import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type AnswerValue, valueText } from '../../core/answers/answer-value.ts';
import { ANSWERS } from '../../local/athena-answers.ts';
import { REFUSED, REMAINING } from '../../local/athena-differences.ts';
import { type Engine, openEngine } from '../../local/engine.ts';
import { askTrino } from '../../local/engines/ask-trino.ts';
import { openFileStore } from '../../local/file-store.ts';
import { CATALOG } from './trino/trino-server.ts';

const trino = { url: inject('trino').url, catalog: CATALOG, schema: 'information_schema' };
let folder: string;
let laptop: Engine;
let duckdb: DuckDBInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-differences-'));
  laptop = await openEngine(await openFileStore(folder), [], { estimatesScans: false });
  duckdb = await DuckDBInstance.create(':memory:');
});

afterAll(async () => {
  await laptop?.close();
  duckdb?.closeSync();
  await rm(folder, { recursive: true, force: true });
});

test.each(ANSWERS)('%s is on Athena %s', async (expression, expected) => {
  expect((await askTrino(trino, `select cast(${expression} as varchar)`)).rows).toEqual([[expected]]);
});

test.each(REFUSED)('fails on the laptop: $sql', async ({ sql, athena, duckdb: alone }) => {
  await expect(laptop.query(sql)).rejects.toThrow('is not the same here and on Athena, expected ');
  expect(await trinoSays(sql)).toBe(athena);
  const connection = await duckdb.connect();
  const reader = await connection.runAndReadAll(`select cast(columns(*) as varchar) from (${sql})`);
  expect(String(reader.getRowsJson()[0]?.[0] ?? 'null')).toBe(alone);
  connection.closeSync();
});

test.each(REMAINING)('$expression is another answer, and there is a way to the same', async (difference) => {
  const { expression, athena, here, alike } = difference;
  expect(await trinoSays(`select ${expression}`)).toBe(athena);
  expect(await laptopSays(`select ${expression}`)).toBe(here);
  expect(athena).not.toBe(here);
  expect(await laptopSays(`select ${alike}`)).toBe(await trinoSays(`select ${alike}`));
});

/** The first value as text; undefined where Trino refuses. */
async function trinoSays(sql: string): Promise<string | undefined> {
  const answer = await askTrino(trino, sql).catch(() => undefined);
  return answer && shown(answer.rows[0]?.[0]);
}

async function laptopSays(sql: string): Promise<string> {
  return shown((await laptop.query(sql)).rows[0]?.[0]);
}

function shown(value: AnswerValue | undefined): string {
  return value === null || value === undefined ? 'null' : valueText(value);
}
