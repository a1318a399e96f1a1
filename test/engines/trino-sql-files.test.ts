import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { contractCheck } from '../../core/contract/quality-sql.ts';
import { datasets } from '../../datasets/index.ts';
import { curatedPlan, curatedTables } from '../../lib/curated-tables.ts';
import { SQL_ROOT } from '../../local/curated-sql.ts';
import { openEngine } from '../../local/engine.ts';
import { askTrino } from '../../local/engines/ask-trino.ts';
import { athenaType } from '../../scripts/view-columns.ts';
import { type BothEngines, compareFile } from './trino/both-engines.ts';
import { columnsOf } from './trino/deployed-tables.ts';
import { LAKES } from './trino/lakes.ts';
import { curatedTexts, sqlTexts } from './trino/sql-texts.ts';
import { lakeFor, showToTrino } from './trino/trino-lake.ts';

const home = inject('trino');
const files = (await Promise.all(datasets.map(({ name }) => sqlTexts(SQL_ROOT, name)))).flat();
const curated = (await Promise.all(datasets.map(({ name }) => curatedTexts(SQL_ROOT, name)))).flat();
/** The published and the candidate database of each lake. */
const engines = new Map<string, { readonly published: BothEngines; readonly candidate: BothEngines }>();
/** Most rows that a file gave over any lake. */
const rows = new Map<string, number>();

beforeAll(async () => {
  for (const { name, fill } of LAKES) {
    const store = await lakeFor(home, name);
    await fill(store);
    const { published, candidate } = await showToTrino(home, name, store, datasets);
    const laptop = await openEngine(store, datasets, { estimatesScans: false });
    engines.set(name, { published: { laptop, trino: published }, candidate: { laptop, trino: candidate } });
  }
});

afterAll(async () => {
  for (const { published } of engines.values()) await published.laptop.close();
});

describe.each(LAKES.map(({ name }) => [name]))('over the lake %s', (lake) => {
  test.each(named(files))('sql/%s answers on the laptop and on Trino alike', async (name, file) => {
    const { problems, mostRows } = await compareFile(both(lake, file.folder), file, lake === 'edges');
    expect(problems).toEqual([]);
    if (file.folder === 'views') {
      const asDeployed = await compareFile(both(lake), { ...file, sql: `select * from ${file.name}` });
      expect(asDeployed.problems).toEqual([]);
    }
    rows.set(name, Math.max(rows.get(name) ?? 0, mostRows));
  });

  test.each(named(curated))('sql/%s makes the same rows of settled ones', async (_, file) => {
    const { laptop, trino } = both(lake);
    const columns = (await askTrino(trino, `select * from ${file.name} limit 0`)).columns.map(({ name }) => name);
    const whole = `count(*), checksum(row(${columns}))`;
    const sql = `with settled_${file.dataset} as (select * from ${file.name}), made as (\n${file.sql})
      select ${whole} from made union all select ${whole} from ${file.name}`;
    const [made, stored] = (await askTrino(trino, sql)).rows;
    expect(made).toEqual(stored);
    // Every column, of all rows or of one in 64.
    const some = (await laptop.query(`select count(*) from ${file.name}`)).rows[0]?.[0];
    const share = Number(some) > 100_000 ? ' where mod(coalesce(source_line, 0), 64) = 0' : '';
    const rowsOf = { ...file, sql: `select ${columns} from ${file.name}${share}` };
    expect((await compareFile(both(lake), rowsOf)).problems).toEqual([]);
  });
});

test.each([['edges'], ['broken']])(
  'the rules of the contracts find the same rows on both, over the lake %s',
  async (lake) => {
    const contracts = datasets.flatMap((plan) =>
      curatedTables(plan).map((table) => contractCheck(curatedPlan(plan, table), table.name)),
    );
    for (const { name, sql } of contracts) {
      const file = { dataset: 'the', folder: 'checks', name, sql, parameters: [] } as const;
      expect((await compareFile(both(lake, 'checks'), file)).problems).toEqual([]);
    }
  },
);

test('every file has rows to compare over some lake', () => {
  const names = named(files).map(([name]) => name);
  expect(names.filter((name) => (rows.get(name) ?? 0) === 0)).toEqual([]);
});

test('every view is deployed, and its columns have the types that both engines find', async () => {
  const { laptop, trino } = both('edges');
  for (const file of files.filter(({ folder }) => folder === 'views')) {
    const deployed = home.tables.published.find(({ Name }) => Name === file.name);
    if (deployed === undefined) throw new Error(`the view ${file.name} is not deployed`);
    const ours = (await laptop.query(`select * from ${file.name} limit 0`)).columns;
    // What Trino makes of the text itself, not what the deployed entry says of it.
    const theirs = (await askTrino(trino, `select * from (\n${file.sql}\n) limit 0`)).columns;
    const columns = theirs.map(({ name, type }) => [name, type.replace(/\(\d+\)(?<=varchar\(\d+\))/, '')]);
    expect([file.name, columns]).toEqual([file.name, ours.map(({ name, type }) => [name, athenaType(type)])]);
    const described = (await askTrino(trino, `describe ${file.name}`)).rows.map(([name, type]) => [name, type]);
    expect([file.name, described]).toEqual([file.name, columns]);
    expect(columnsOf(deployed).map(({ Name }) => Name)).toEqual(columns.map(([name]) => name));
  }
});

const DEPENDENT = {
  'only-here': 'select list_distinct(array_agg(route)) as routes from bookings',
  qualify: 'select route from bookings qualify row_number() over (order by booking_id) = 1',
  'rounds-halves': 'select cast(num_passengers + 1.5e0 as bigint) as half from bookings',
  'shows-numbers': 'select cast(1e0 * num_passengers / 3 as varchar) as third from bookings',
  'no-order': 'select booking_id from bookings order by num_passengers nulls last',
  'only-there': "select date_parse('2024', '%Y') as year from bookings",
};
const ALIKE = {
  'whole-division': 'select 7 / 2 as half, num_passengers / 2 as pairs from bookings',
  'null-in-concat': "select concat('a', cast(event_time as varchar)) as told from bookings where event_time is null",
  'all-digits': "select regexp_replace(booking_id, '[0-9]', '') as letters from bookings",
  'full-days': "select date_diff('day', timestamp '2024-11-01 12:00:00', event_time) as days from bookings",
};

test('fails on a query whose answer hangs on the engine, and on no other', async () => {
  const root = await mkdtemp(join(tmpdir(), 'laketwin-sql-'));
  try {
    const folder = join(root, 'bookings', 'queries');
    await mkdir(folder, { recursive: true });
    for (const [name, sql] of Object.entries({ ...DEPENDENT, ...ALIKE }))
      await writeFile(join(folder, `${name}.sql`), `-- title: ${name}\n-- question: Why?\n${sql}\n`);
    const problems: string[] = [];
    for (const file of await sqlTexts(root, 'bookings'))
      problems.push(...(await compareFile(both('edges'), file)).problems);
    expect(problems.map((problem) => /queries\/(.+)\.sql/.exec(problem)?.[1])).toEqual(Object.keys(DEPENDENT).sort());
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

function named<T extends { readonly dataset: string; readonly folder: string; readonly name: string }>(
  texts: readonly T[],
): [string, T][] {
  return texts.map((text) => [`${text.dataset}/${text.folder}/${text.name}.sql`, text]);
}

/** Checks look at what is to be published, the rest at what is. */
function both(lake: string, folder?: string): BothEngines {
  const found = engines.get(lake);
  if (found === undefined) throw new Error(`the lake ${lake} was not made`);
  return folder === 'checks' ? found.candidate : found.published;
}
