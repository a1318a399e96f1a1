import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnsOf, fieldsOf, type Visual, visualsOf } from '../../core/dashboards/types.ts';
import { visualSql } from '../../core/dashboards/visual-sql.ts';
import { putCheckRecords } from '../../core/lake/check-results.ts';
import { ledgerPrefix } from '../../core/lake/keys.ts';
import { bookingDashboards } from '../../datasets/bookings/dashboards.ts';
import { datasets } from '../../datasets/index.ts';
import { type Engine, openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { openPageServer } from '../../local/serve/page-server.ts';
import { compiledSet, definitionOf } from '../quicksight/compiled.ts';
import { drawnSql } from '../quicksight/drawn-sql.ts';
import { ask, servedLake } from './served-lake.ts';

const IDS = bookingDashboards.dashboards.map(({ id }) => id);

let served: Awaited<ReturnType<typeof servedLake>>;
let engine: Engine;
const page = async (path: string) => (await ask(served.server.address, path)).body;

beforeAll(async () => {
  served = await servedLake(4000);
  await served.score();
  const store = await openFileStore(served.lake);
  const checkedAt = '2026-11-20T03:00:00.000Z';
  const said = { dataset: 'bookings', run: 'last night', checkedAt, isKept: false, isOverruled: false };
  await putCheckRecords(store, [
    { ...said, name: 'volume-like-before', level: 'error' },
    { ...said, name: 'values-known', level: 'warning' },
  ]);
  engine = await openEngine(store, datasets);
}, 60_000);

afterAll(async () => {
  await engine?.close();
  await served?.end();
});

describe.each(IDS)('the dashboard %s', (id) => {
  test('shows each of its visuals with rows, its data and its SQL, without an error', async () => {
    const body = await page(`/${id}`);
    const visuals = bookingDashboards.dashboards.find((one) => one.id === id)?.sheets.flatMap((sheet) => sheet.visuals);
    for (const visual of visuals ?? []) {
      const card = cardOf(body, visual.id);
      expect(card).toContain(visual.title.en);
      expect(card).toContain('<pre tabindex="0">select ');
      expect(card).toMatch(/<tbody><tr/);
      if (visual.kind === 'pivot') expect(card).toMatch(/<table class="pivot">/);
      else if (visual.kind !== 'kpi' && visual.kind !== 'table')
        expect(card).toMatch(/<svg role="img" aria-label="[^"]{20,}"/);
    }
    expect(body).not.toContain('class="failed"');
    expect(served.errors).toEqual([]);
  });

  test('states freshness, scope and the simulated dates, and holds no script and no style of its own', async () => {
    const body = await page(`/${id}?lang=fr&channel=Mobile`);
    expect(body).toMatch(/<footer class="stated">[\d\s]+ sur [\d\s]+ réservations · dernière réception 21 nov\. 2026/);
    expect(body).toContain('dates ont été inventées');
    expect(body).not.toMatch(/<script|<style| style=| on\w+=/);
    expect(body).toContain('<html lang="fr"');
  });
});

test('shows what each check said last, and the failures of former days with what they stopped', async () => {
  const body = await page('/operations?lang=fr');
  const cells = (id: string) => cardOf(body, id).replace(/(<[^>]*>\s*)+/g, '|');
  expect(cells('broken-checks')).toContain('|20 nov. 2026|volume-like-before|critique|1|1|0|20 nov. 2026 03:00|');
  expect(cells('broken-checks')).toContain('|20 nov. 2026|values-known|avertissement|1|0|0|20 nov. 2026 03:00|');
  expect(cells('last-checks')).toMatch(/\|shares-like-before\|critique\|oui\|/);
});

test('numbers on a page are those of the SQL beside them', async () => {
  const body = await page('/marketing?trip=RoundTrip&lang=en');
  const card = cardOf(body, 'rate-by-origin');
  const sql = textOf(/<pre tabindex="0">([\s\S]*?)<\/pre>/.exec(card)?.[1] ?? '');
  const { rows } = await engine.query(sql, { trip_1: 'RoundTrip' });
  const shown = [...card.matchAll(/<tr class="[^"]*"><th scope="row">([^<]*)<\/th><td class="number">([^<]*)<\/td>/g)];
  expect(shown.length).toBe(12);
  expect(shown.map(([, name, rate]) => [textOf(name ?? ''), rate])).toEqual(
    rows.map(([name, rate, count]) => [name, Number(count) < 10 ? '< 10' : `${(Number(rate) * 100).toFixed(1)}%`]),
  );
  const counted = await engine.query("select count(*) from bookings where trip_type = 'RoundTrip'");
  expect(body).toContain(`${Number(counted.rows[0]?.[0]).toLocaleString('en-GB')} of `);
});

test('what QuickSight would draw has the numbers of the page, for every visual', async () => {
  const { shown } = compiledSet('en');
  let drawings = 0;
  const inWords = (value: unknown) => {
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    return bookingDashboards.words[String(value)]?.en ?? value;
  };
  const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row.map(String))).sort();
  for (const { id, sheets } of bookingDashboards.dashboards) {
    const definition = definitionOf(id);
    for (const visual of sheets.flatMap((sheet) => sheet.visuals)) {
      const { top: _, ...whole } = visual;
      const { sql } = visualSql(bookingDashboards, visual.kind === 'table' ? (whole as Visual) : visual, [], {});
      const answer = await engine.query(sql);
      const cell = (row: readonly unknown[], column: string) => row[columnsOf(visual).indexOf(column)];
      const shownRows =
        visual.kind === 'kpi' && visual.comparison !== undefined
          ? [
              ['current', 'previous'].map((period) => {
                const { comparison, value } = visual;
                const row = answer.rows.find((one) => cell(one, comparison?.period ?? '') === period) ?? [];
                const isShown = period === 'current' || cell(row, comparison?.covered ?? '') === true;
                const number = isShown ? (cell(row, value.column) ?? null) : null;
                return value.format === 'rate' && number !== null ? 100 * Number(number) : number;
              }),
            ]
          : answer.rows.map((row) =>
              fieldsOf(visual).map(({ column, format }) => {
                const value = cell(row, column);
                if (format === 'points') return 100 * Number(value);
                return format === 'text' || format === 'yes' ? inWords(value) : value;
              }),
            );
      const drawn = await engine.query(drawnSql(definition, visual.id, shown));
      const isCounted = visual.kind === 'table' || visual.kind === 'pivot';
      const width = isCounted ? fieldsOf(visual).length : drawn.columns.length;
      drawings += drawn.rows.length > 0 ? 1 : 0;
      expect([visual.id, ...sorted(drawn.rows.map((row) => row.slice(0, width)))]).toEqual([
        visual.id,
        ...sorted(shownRows),
      ]);
    }
  }
  expect(drawings).toBeGreaterThanOrEqual(20);
});

test('a bar leads to the same page filtered by it, with the other choices kept', async () => {
  const card = cardOf(await page('/marketing?channel=Internet&theme=dark&lang=fr'), 'rate-by-origin');
  const href = textOf(/<a href="([^"]*origin=Australia[^"]*)"/.exec(card)?.[1] ?? '');
  expect(href).toBe('/marketing?channel=Internet&origin=Australia&lang=fr&theme=dark');
  const drilled = await page(href);
  expect(drilled).toContain('Pays : Australia');
  const { rows } = await engine.query(
    "select count(*) from bookings where booking_origin = 'Australia' and sales_channel = 'Internet'",
  );
  expect(drilled.replace(/\s/g, '')).toContain(`"stated">${rows[0]?.[0]}sur`.replace(/\s/g, ''));
});

test('a named point leads to the same page filtered by it', async () => {
  const card = cardOf(await page('/marketing?lang=en'), 'countries-by-volume');
  const links = [...card.matchAll(/<a href="([^"]*)" aria-label="Filter by ([^"]*)"/g)];
  expect(links.length).toBeGreaterThan(3);
  for (const [, href = '', name = ''] of links)
    expect(new URL(textOf(href), served.server.address).searchParams.get('origin')).toBe(textOf(name));
});

test('totals of a pivot are those of all its bookings, within a choice too', async () => {
  const card = cardOf(await page('/direction?lang=en&trip=RoundTrip'), 'months-by-channel');
  const shown = [...card.matchAll(/<tr class="subtotal">(.*?)<\/tr>|<tfoot><tr>(.*?)<\/tr>/g)].map(([line]) =>
    [...line.matchAll(/<td class="[^"]*">([^<]*)<small>([^<]*)</g)].map(([, rate, count]) => [rate, count]),
  );
  const { rows } = await engine.query(
    `select count_if(sales_channel = 'Internet' and booking_complete), count_if(sales_channel = 'Internet'), count_if(sales_channel = 'Mobile' and booking_complete), count_if(sales_channel = 'Mobile'), count_if(booking_complete), count(*) from bookings where trip_type = 'RoundTrip' and event_date is not null group by grouping sets ((year(event_date)), ()) order by year(event_date) desc nulls last`,
  );
  expect(rows.length).toBeGreaterThan(2);
  expect(shown).toEqual(
    rows.map((row) => {
      const numbers = row.map(Number);
      return [0, 2, 4].map((at) => {
        const [completed = 0, attempts = 0] = numbers.slice(at, at + 2);
        return [`${((100 * completed) / attempts).toFixed(1)}%`, attempts.toLocaleString('en-GB')];
      });
    }),
  );
});

test('without a model its visuals say how to get one, and the next page after the scores has them', async () => {
  const young = await servedLake(500);
  try {
    const ids = [
      'at-risk',
      'risk-by-route',
      'open-by-channel',
      'calibration-points',
      'calibration-table',
      'model-in-use',
    ];
    const before = (await ask(young.server.address, '/operations?lang=fr')).body;
    for (const id of [...ids, 'model-quality', 'drift-watched'])
      expect(cardOf(before, id)).toContain('<code>npx laketwin train</code>');
    expect((await ask(young.server.address, '/direction')).body.match(/npx laketwin train/g)?.length).toBe(5);
    expect(before).not.toContain('modèle v0');
    await young.score();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const after = (await ask(young.server.address, '/operations?lang=fr')).body;
    for (const id of ids) expect(cardOf(after, id)).not.toContain('npx laketwin train');
    expect(after).toMatch(/modèle v0002-00000000, derniers scores 20 nov\. 2026 01:00 UTC/);
    expect(young.errors).toEqual([]);
  } finally {
    await young.end();
  }
}, 30_000);

test('visuals that a filter does not reach say so', async () => {
  const body = await page('/operations?channel=Mobile');
  expect(cardOf(body, 'rows-in')).toContain('Filters do not reach this.');
  expect(cardOf(body, 'simulated-times')).not.toContain('Filters do not reach this.');
});

test('small samples are faded, and nothing is computed of the smallest', async () => {
  const card = cardOf(await page('/marketing?channel=Mobile'), 'rate-by-departure');
  expect(card).toContain('faded: fewer than 30; hidden: fewer than 10');
  const cells = [...card.matchAll(/<tr class="faded">(.*?)<\/tr>/g)].map(([, cell]) => cell ?? '');
  expect(cells.length).toBeGreaterThan(0);
  const hidden = cells.filter((cell) => Number(/(\d+)<\/td>$/.exec(cell)?.[1]) < 10);
  expect(hidden.length).toBeGreaterThan(0);
  for (const cell of hidden) expect(cell).toContain('&lt; 10');
});

const BAD: readonly (readonly [string, string])[] = [
  ['an unknown value', 'channel=Fax'],
  ['a quote and SQL', `origin=${encodeURIComponent("x'; drop table bookings; --")}`],
  ['HTML', `origin=${encodeURIComponent('<script>alert(1)</script>"><img src=x>')}`],
  ['a page of text', `origin=${'lorem%20ipsum%20'.repeat(500)}`],
  ['swapped dates', 'from=2026-05-01&to=2026-01-01'],
  ['a day that is none', 'from=2026-02-30'],
  ['SQL for a day', `from=${encodeURIComponent("2026-01-01' or 1=1")}`],
  ['10,000 values', Array.from({ length: 10_000 }, (_, at) => `origin=country-${at}`).join('&')],
];

test.each(BAD)('%s in a filter gives the empty state and changes nothing', async (_, query) => {
  const { status, body } = await ask(served.server.address, `/marketing?lang=en&${query}`);
  expect(status).toBe(200);
  expect(body).toContain('No booking matches these filters.');
  expect(body).toContain('Clear filters');
  expect(body).not.toContain('<script');
  expect(body).not.toContain('<img');
  expect(await page('/marketing?lang=en')).not.toContain('No booking matches');
  expect(served.errors).toEqual([]);
});

test('strict headers stand on every answer', async () => {
  for (const path of ['/', '/marketing', '/pages.css', '/nowhere', '/package.json']) {
    const { headers } = await ask(served.server.address, path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|script-src/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  }
});

test.each([
  '/package.json',
  '/../package.json',
  '/%2e%2e/package.json',
  '/pages.css/../page-server.ts',
  '//etc/passwd',
  '/.env',
])('fails to give %s, which is no page', async (path) => {
  const { status, body } = await ask(served.server.address, path);
  expect(status).toBe(404);
  expect(body).not.toMatch(/"dependencies"|root:|import /);
});

test('fails for another host name, and for anything but reading', async () => {
  const { address } = served.server;
  expect(new URL(address).hostname).toBe('127.0.0.1');
  expect((await ask(address, '/marketing', { headers: { host: 'evil.example' } })).status).toBe(421);
  expect((await ask(address, '/marketing', { method: 'POST' })).status).toBe(405);
});

test('the language is the one of the address, or else of the browser', async () => {
  const { address } = served.server;
  expect((await ask(address, '/marketing', { headers: { 'accept-language': 'de, fr;q=0.8' } })).body).toContain(
    'lang="fr"',
  );
  const asked = await ask(address, '/marketing?lang=en', { headers: { 'accept-language': 'fr' } });
  expect(asked.body).toContain('<html lang="en"');
});

test('old data are said to be old', async () => {
  expect(await page('/direction')).not.toContain('These data are old');
  served.clock.now = new Date('2026-11-23T07:00:00Z');
  expect(await page('/direction')).toContain('These data are old');
});

test('a lake with nothing in it says what to do', async () => {
  const empty = await servedLake(0);
  try {
    for (const id of IDS) expect((await ask(empty.server.address, `/${id}`)).body).toContain('npx laketwin run');
    expect(empty.errors).toEqual([]);
  } finally {
    await empty.end();
  }
});

test('a visual that cannot be answered says so, and leaves the others alone', async () => {
  const [dashboard, ...others] = bookingDashboards.dashboards;
  const [sheet] = dashboard?.sheets ?? [];
  const [broken, ...whole] = sheet?.visuals ?? [];
  if (dashboard === undefined || sheet === undefined || broken === undefined) throw new Error('there is no visual');
  const visuals = [{ ...broken, source: 'no_such_view' }, ...whole];
  const set = { ...bookingDashboards, dashboards: [{ ...dashboard, sheets: [{ ...sheet, visuals }] }, ...others] };
  const errors: Error[] = [];
  const now = () => served.clock.now;
  const server = await openPageServer({ lake: served.lake, port: 0, set, now, onError: (error) => errors.push(error) });
  try {
    const { body } = await ask(server.address, `/${dashboard.id}?lang=en`);
    expect(cardOf(body, broken.id)).toContain('role="alert"');
    for (const { id } of whole) expect(cardOf(body, id)).toMatch(/<tbody><tr/);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(`the visual ${broken.id} failed`)]);
  } finally {
    await server.close();
  }
});

test('a lake that cannot be read after a change is shown as it was, and the page says so', async () => {
  const changing = await servedLake(500);
  try {
    const before = (await ask(changing.server.address, '/marketing?lang=en')).body;
    expect(before).not.toContain('class="banner" role="status"');
    const ledger = join(changing.lake, 'processed', ledgerPrefix('bookings'));
    await writeFile(join(ledger, `${'0'.repeat(64)}.json`), '{"torn');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const after = (await ask(changing.server.address, '/marketing?lang=en')).body;
    expect(after).toContain('class="banner" role="status"');
    expect(after.match(/of ([\d,]+) bookings/)?.[1]).toBe(before.match(/of ([\d,]+) bookings/)?.[1]);
    expect(changing.errors.length).toBeGreaterThan(0);
  } finally {
    await changing.end();
  }
}, 30_000);

test('what is published while the pages are served is on the next page', async () => {
  const before = await page('/marketing');
  await served.take(2, 1000);
  await new Promise((resolve) => setTimeout(resolve, 600));
  const after = await page('/marketing');
  const count = (body: string) => Number((/([\d,]+) of [\d,]+ bookings/.exec(body)?.[1] ?? '').replaceAll(',', ''));
  expect(count(after)).toBeGreaterThan(count(before) + 900);
  expect(after).toContain('version of the table 2');
}, 30_000);

test('all visuals of the description are on some page', () => {
  expect(visualsOf(bookingDashboards).length).toBeGreaterThanOrEqual(18);
});

function cardOf(body: string, id: string): string {
  const start = body.indexOf(`id="${id}"`);
  expect(start).toBeGreaterThan(0);
  return body.slice(start, body.indexOf('</article>', start));
}

function textOf(html: string): string {
  return html
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
