import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Visual, visualsOf } from '../../core/dashboards/types.ts';
import { visualSql } from '../../core/dashboards/visual-sql.ts';
import { putCheckRecords } from '../../core/lake/check-results.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { bookingDashboards as set } from '../../datasets/bookings/dashboards.ts';
import { datasets } from '../../datasets/index.ts';
import { type QueryOptions, query } from '../../local/commands/query.ts';
import { SQL_ROOT } from '../../local/curated-sql.ts';
import { askTrino, type TrinoSession } from '../../local/engines/ask-trino.ts';
import { generateFile } from '../../local/generate-file.ts';
import { runLake } from '../../local/runner.ts';
import { openPageServer } from '../../local/serve/page-server.ts';
import { readSql } from '../../local/sql-library.ts';
import { ValueFormat } from '../../pages/format-value.ts';
import { readAddress } from '../../pages/page-address.ts';
import { pageTexts } from '../../pages/page-texts.ts';
import { renderPivot } from '../../pages/render-pivot.ts';
import { renderTable } from '../../pages/render-table.ts';
import { visualRows } from '../../pages/visual-rows.ts';
import { scoreLake } from './scored-lake.ts';
import { lakeFor, showToTrino } from './trino/trino-lake.ts';

const home = inject('trino');
const views = await readSql(SQL_ROOT, bookings.name, 'views');

let folder: string;
let lake: string;
let trino: TrinoSession;
let server: Awaited<ReturnType<typeof openPageServer>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-visuals-'));
  const store = await lakeFor(home, 'visuals');
  lake = store.root;
  const input = join(folder, 'bookings.csv');
  await generateFile({ dataset: bookings, rows: 4000, out: input, seed: 11, dirty: 0.02 });
  await runLake({ lake, dataset: bookings, inputs: [input], now: () => new Date() });
  const said = { dataset: bookings.name, run: 'a', checkedAt: '2026-11-01T00:00:00.000Z', isOverruled: false } as const;
  await putCheckRecords(store, [{ ...said, name: 'route-in-order', level: 'warning', isKept: false }]);
  await scoreLake(lake, '2026-11-01');
  trino = (await showToTrino(home, 'visuals', store, datasets)).published;
  server = await openPageServer({ lake, port: 0, set, now: () => new Date(), onError: () => {} });
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each([['?lang=en'], ['?lang=fr&channel=Mobile&trip=RoundTrip']])('at %s', (asked) => {
  test.each(visualsOf(set).map((visual): [string, Visual] => [visual.id, visual]))(
    'the numbers of %s on its page are those of its SQL on Trino',
    async (id, visual) => {
      const dashboard = set.dashboards.find(({ sheets }) => sheets.some((sheet) => sheet.visuals.includes(visual)));
      const url = new URL(`${server.address}${dashboard?.id}${asked}`);
      const { selection, language } = readAddress(set, url, undefined);
      const { sql, parameters } = visualSql(set, visual, views, selection);
      const declared = Object.keys(parameters).map(
        (name) => ({ name, type: 'text', byDefault: '', description: '' }) as const,
      );
      const answer = await askTrino(trino, sql, parameters, declared);
      const rows = visualRows(set, visual, answer.columns, answer.rows);
      const reader = { set, language, texts: pageTexts(language), format: new ValueFormat(language, set.words) };
      const page = await (await fetch(url)).text();
      const start = page.indexOf(`id="${id}"`);
      const card = page.slice(start, page.indexOf('</article>', start));
      expect(answer.rows.length).toBeGreaterThan(0);
      expect(card).toContain(renderTable(visual, rows, reader).text);
      if (visual.kind === 'pivot') expect(card).toContain(renderPivot(visual, rows, reader).text);
    },
  );
});

test('query --engine trino writes what the laptop writes, parameters and Parquet included', async () => {
  const ask = async (engine: 'duckdb' | 'trino', format: 'csv' | 'parquet') => {
    const out = join(folder, `${engine}.${format}`);
    const named = { dataset: 'bookings', file: 'one-country', param: ['origin=Australia'], limit: 10 };
    const options: QueryOptions = { ...named, lake, engine, format, out, server: trino.url, schema: trino.schema };
    expect(await query(options, undefined)).toBe(0);
    return readBack(out);
  };
  expect(await ask('trino', 'csv')).toEqual(await ask('duckdb', 'csv'));
  expect(await ask('trino', 'parquet')).toEqual(await ask('duckdb', 'parquet'));
  const refused = query(
    { dataset: 'bookings', lake, engine: 'trino', format: 'csv', server: trino.url, schema: trino.schema },
    'select nothing from bookings',
  );
  await expect(refused).rejects.toThrow(/Column 'nothing' cannot be resolved/);
});

async function readBack(file: string): Promise<unknown> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(`select * from '${file.replaceAll("'", "''")}'`);
  return [reader.columnNames(), reader.getRowsJson()];
}
