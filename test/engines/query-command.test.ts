import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type QueryOptions, query as runQuery } from '../../local/commands/query.ts';
import { openFileStore } from '../../local/file-store.ts';
import { completions } from '../../local/query-prompt.ts';
import { aBooking, putBookings, takeIn } from './bookings-lake.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let lake: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-query-'));
  lake = join(folder, 'lake');
  await takeIn(await openFileStore(lake), {
    name: 'a',
    bookings: [
      aBooking({ booking_origin: 'Réunion' }),
      aBooking({ booking_origin: '=cmd()', booking_complete: true }),
      ...Array.from({ length: 5000 }, (_, at) => aBooking({ purchase_lead: at % 1000, route: 'CGKMEL' })),
    ],
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a select is answered as a table, with the estimate apart from it', async () => {
  const { status, out, error } = await shell(`"select count(*) as n from bookings where booking_origin = 'Réunion'"`);
  expect(status).toBe(0);
  expect(out).toBe('┌───┐\n│ n │\n├───┤\n│ 1 │\n└───┘\n');
  expect(error).toMatch(/^estimate: Athena would scan \d+ kB and charge 0\.00005 \$\n1 row in \d+ ms\n$/);
});

test('fails before it runs for a query that would scan more than the workgroup of the environment allows', async () => {
  const { status, out, error } = await shell("--max-scan 0.001 'select booking_id from bookings'");
  expect([status, out]).toEqual([1, '']);
  expect(error).toMatch(/would scan \d+ kB \(0\.00005 \$\), above the 1 kB that the workgroup allows/);
  expect((await shell("--env nowhere 'select 1 as a'")).error).toMatch(
    /unknown environment 'nowhere', expected one of dev,/,
  );
});

test('the prompt answers statements and commands, tells errors, and keeps a history for its owner', async () => {
  const typed = [
    '\\columns ledger',
    'select count(*) as n',
    'from bookings;',
    'select nothing from bookings;',
    '\\run channels',
  ];
  const { status, out, error } = await shell('--interactive --format csv', '', { lines: typed, home: folder });
  expect(status).toBe(0);
  expect(out).toMatch(/^accepted$/m);
  expect(out).toContain('n\r\n5002\r\n');
  expect(out).toContain('sales_channel,attempts,');
  expect(error).toContain('Referenced column "nothing" not found');
  const history = join(folder, '.laketwin', 'history');
  expect((await readFile(history, 'utf8')).split('\n')).toContain('select count(*) as n from bookings;');
  expect((await stat(history)).mode & 0o777).toBe(0o600);
});

test.each([
  ['select count(*) from boo', ['bookings', 'bookings_by_day'], 'boo'],
  ['select ro', ['route'], 'ro'],
  ['select sales_channel from ledger where id', ['id'], 'id'],
  ['\\run da', ['daily'], 'da'],
  ['\\ta', ['\\tables'], '\\ta'],
])('the tab key completes %s', (line, found, word) => {
  const relations = new Map([
    ['bookings', ['route', 'sales_channel']],
    ['bookings_by_day', ['day']],
    ['ledger', ['id']],
  ]);
  expect(completions(line, { relations, queries: ['channels', 'daily'] })).toEqual([found, word]);
});

test('a named query takes parameters by name and prints CSV', async () => {
  const { out } = await query(undefined, { file: 'one-route', param: ['route=AKLKUL'], format: 'csv' });
  expect(out.split('\r\n')).toEqual([
    'booking_origin,attempts,completed,completion_rate,rate_low,rate_high,is_small_sample',
    "'=cmd(),1,1,1,0.2065,1,true",
    'Réunion,1,0,0,0,0.7935,true',
    '',
  ]);
});

test('a file of SQL without front matter is answered, its parameters typed by what they are compared with', async () => {
  const file = join(folder, 'mine.sql');
  await writeFile(file, '-- mine\nselect count(*) as n\nfrom bookings\nwhere purchase_lead >= :least;\n');
  const { out } = await query(undefined, { file, param: ['least=999'], format: 'json' });
  expect(JSON.parse(out)).toEqual([{ n: 5 }]);
});

test('an answer of any size goes to a file, whole or not at all', async () => {
  const out = join(folder, 'all.csv');
  expect(await query('select booking_id, route from bookings', { format: 'csv', out })).toMatchObject({ out: '' });
  expect((await readFile(out, 'utf8')).split('\r\n')).toHaveLength(5004);
  const bad = query('select cast(booking_origin as integer) as a from bookings', {
    format: 'csv',
    out: join(folder, 'bad.csv'),
  });
  await expect(bad).rejects.toThrow(/Conversion Error/);
  expect((await readdir(folder)).filter((name) => name.startsWith('bad'))).toEqual([]);
});

test('Parquet and Excel files are written where --out says', async () => {
  const parquet = join(folder, 'routes.parquet');
  const sql = 'select route, sum(purchase_lead) as lead from bookings group by route order by route';
  await query(sql, { format: 'parquet', out: parquet });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(`select * from read_parquet('${parquet}')`);
  expect(reader.getRowObjects()).toEqual([
    { route: 'AKLKUL', lead: 20n },
    { route: 'CGKMEL', lead: 2497500n },
  ]);
  const sheet = join(folder, 'routes.xlsx');
  await query(undefined, { file: 'channels', format: 'xlsx', out: sheet });
  expect((await readFile(sheet)).subarray(0, 2).toString()).toBe('PK');
});

test('a reader that goes away early is no error', async () => {
  const { status, error } = await shell("--format csv 'select route from bookings'", '| head -1');
  expect(status).toBe(0);
  expect(error).not.toMatch(/laketwin:|EPIPE/);
});

test('the named queries and what they take are listed', async () => {
  const { out } = await query(undefined, { list: true });
  expect(out).toMatch(
    /best-and-worst-routes\s+│ Which routes complete most, and which least\?\s+│ least \(int\) = 100: Fewest/,
  );
});

test('the checks of a dataset hold, or end with status 1 and the rows that offend', async () => {
  expect(await query(undefined, { checks: true })).toMatchObject({ status: 0 });
  const broken = join(folder, 'broken');
  const store = await openFileStore(broken);
  await takeIn(store, { name: 'a', bookings: [aBooking({ route: 'MELCGK' })] });
  const odd = await query(undefined, { checks: true, lake: broken });
  expect(odd).toMatchObject({ status: 0, out: expect.stringMatching(/route-in-order\s+│ warning │\s+1 │/) });
  await putBookings(store, { name: 'b', bookings: [aBooking()] });
  const lost = await query(undefined, { checks: true, lake: broken });
  expect(lost).toMatchObject({ status: 1, out: expect.stringMatching(/no-booking-missing\s+│ error\s+│\s+1 │/) });
});

test('fails with status 2 on a name that no query has', async () => {
  const { status, error } = await shell('--file nothing');
  expect(status).toBe(2);
  expect(error).toMatch(/laketwin: no query is named 'nothing'.*one of airport,/);
});

test('fails on no SQL, on a format that needs a file and on a parameter that the query does not take', async () => {
  await expect(query(undefined)).rejects.toThrow(/give one of: a select in quotes, --file/);
  await expect(query('select 1 as a', { format: 'xlsx' })).rejects.toThrow('--format xlsx needs --out FILE');
  await expect(query(undefined, { file: 'one-route', param: ['rout=x'] })).rejects.toThrow(
    "the query has no parameter 'rout', expected some of route (text: Two airport codes in alphabetical order)",
  );
});

test('fails on a lake that is not there, and says how to make one', async () => {
  await expect(query('select 1 as a', { lake: join(folder, 'none') })).rejects.toThrow(
    /there is no lake in '.*none': take a file in first/,
  );
});

/** Within this process, which starts no new one: quick. */
async function query(sql: string | undefined, options: Partial<QueryOptions> = {}) {
  let [out, error] = ['', ''];
  const written = vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
    out += text;
    rest.find((it) => typeof it === 'function')?.();
    return true;
  });
  const logged = vi.spyOn(console, 'log').mockImplementation((text) => {
    out += `${text}\n`;
  });
  const told = vi.spyOn(console, 'error').mockImplementation((text) => {
    error += `${text}\n`;
  });
  try {
    const status = await runQuery({ dataset: 'bookings', lake, engine: 'duckdb', format: 'table', ...options }, sql);
    return { status, out, error };
  } finally {
    for (const spy of [written, logged, told]) spy.mockRestore();
  }
}

/** As on the command line. */
function shell(
  args: string,
  after = '',
  { lines = [], home }: { readonly lines?: readonly string[]; readonly home?: string } = {},
): Promise<{ readonly status: number | null; readonly out: string; readonly error: string }> {
  const command = `node --import tsx bin/laketwin.ts query --lake '${lake}' ${args} ${after}`;
  const child = spawn('bash', ['-o', 'pipefail', '-c', command], {
    cwd: ROOT,
    env: { ...process.env, ...(home === undefined ? {} : { HOME: home }) },
  });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  let [out, error] = ['', ''];
  child.stdout.on('data', (more) => {
    out += more;
  });
  child.stderr.on('data', (more) => {
    error += more;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, error })));
}
