/** Reports as the programs of their readers see them: a PDF reader, a spreadsheet, a parser of CSV, a browser. */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { valueText } from '../../core/answers/answer-value.ts';
import { findChromium } from '../../local/reports/find-chromium.ts';
import { checkOut, writeReport } from '../../local/reports/write-report.ts';
import type { Report } from '../../pages/reports/gather-report.ts';
import { renderReport } from '../../pages/reports/render-report.ts';
import {
  type CsvRead,
  FORMULA,
  MARKUP,
  type PdfRead,
  readReport,
  reportedLake,
  type SheetsRead,
} from './reported-lake.ts';

let served: Awaited<ReturnType<typeof reportedLake>>;
let browser: Browser;
const ROLES = ['marketing', 'direction', 'analysts'];
const titlesOf = (report: Report) =>
  report.sheets.flatMap(({ visuals }) => visuals.map(({ visual }) => visual.title[report.language]));
const bare = (text: string) => text.replace(/\s+/g, ' ').replaceAll('ﬁ', 'fi').replaceAll('ﬂ', 'fl');

beforeAll(async () => {
  served = await reportedLake(4000);
  browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu'],
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await served?.end();
});

describe('a PDF of a month for the direction, in French', () => {
  let report: Report;
  let pdf: PdfRead;

  beforeAll(async () => {
    report = await served.gather({ role: 'direction', month: '2026-05', language: 'fr' });
    const out = join(served.folder, 'may.pdf');
    await writeReport(report, 'pdf', out);
    pdf = readReport('pdf', out);
  }, 120_000);

  test('is tagged, in its language, with its title and a sentence for each chart', () => {
    expect(pdf).toMatchObject({ isMarked: true, language: 'fr', showsTitle: true, landscape: true });
    expect(pdf.title).toBe('Sommes-nous sur la bonne voie ? – mai 2026');
    expect(pdf.tags).toEqual(expect.arrayContaining(['/H1', '/H2', '/H3', '/Table', '/TH', '/TD', '/Figure']));
    const drawn = report.sheets
      .flatMap(({ visuals }) => visuals)
      .filter(({ visual }) => ['bar', 'line', 'scatter'].includes(visual.kind));
    const described = pdf.alternatives.filter((text) => (text ?? '').length > 20);
    expect(described.length).toBe(drawn.length);
    for (const { visual } of drawn) expect(described.some((text) => text?.startsWith(visual.title.fr))).toBe(true);
  });

  test('numbers its pages and holds every visual, what it is about, and what its dates are worth', () => {
    const { pages } = pdf;
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.length).toBeLessThan(11);
    for (const [at, page] of pages.entries()) expect(bare(page)).toContain(`page ${at + 1} / ${pages.length}`);
    const text = bare(pages.join(' '));
    for (const title of titlesOf(report)) expect(text).toContain(title);
    for (const said of [
      'mai 2026',
      'avril 2026',
      'dates ont été inventées',
      'Dernière réception (UTC) 21 nov. 2026 07:00',
      'Filtres aucun',
    ])
      expect(text).toContain(said);
  });
});

test('figures of a month are those of its bookings, beside the month before', async () => {
  const { sheets, facts } = await served.gather({ role: 'direction', month: '2026-05' });
  const counted = async (month: string) => {
    const sql = `select count(*), count_if(not booking_complete), sum(num_passengers) from bookings where cast(event_date as varchar) like '${month}-%'`;
    return (await served.ask(sql))[0]?.map(Number) ?? [];
  };
  const [may = [], april = []] = [await counted('2026-05'), await counted('2026-04')];
  expect(facts.chosen).toBe(may[0]);
  const shown = (id: string, column: string) => {
    const answer = sheets.flatMap(({ visuals }) => visuals).find(({ visual }) => visual.id === id)?.answer;
    return answer !== undefined && 'rows' in answer
      ? answer.rows.map(({ values }) => [values.period, Number(values[column])])
      : [];
  };
  expect(shown('lost-now', 'abandoned')).toEqual([
    ['current', may[1]],
    ['previous', april[1]],
  ]);
  expect(shown('passengers-now', 'passengers')).toEqual([
    ['current', may[2]],
    ['previous', april[2]],
  ]);
});

test('a period that the data do not cover whole is said to be so and compared with nothing', async () => {
  const report = await served.gather({ role: 'direction', year: '2026' });
  const page = await renderReport(report, 'auto');
  expect(page).toContain('The data do not cover this whole period');
  expect(page).toContain('N/A: no complete period before');
  expect(page).not.toContain('Compared with');
  expect(await renderReport(await served.gather({ role: 'direction', month: '2026-05' }), 'auto')).toContain(
    '<dt>Compared with</dt><dd>April 2026',
  );
});

test('a month without a booking says so in every form', async () => {
  const report = await served.gather({ role: 'direction', month: '2024-01' });
  const sentence = 'There is no booking in this period with these filters.';
  expect(await renderReport(report, 'auto')).toContain(sentence);
  const [xlsx, csv] = [join(served.folder, 'empty.xlsx'), join(served.folder, 'empty')];
  await writeReport(report, 'xlsx', xlsx);
  expect(JSON.stringify(readReport('xlsx', xlsx).About)).toContain(sentence);
  await writeReport(report, 'csv', csv);
  expect(await readdir(csv)).toEqual(['about.csv']);
  expect(await readFile(join(csv, 'about.csv'), 'utf8')).toContain(sentence);
}, 30_000);

describe('an Excel file for marketing', () => {
  let report: Report;
  let sheets: SheetsRead;

  beforeAll(async () => {
    report = await served.gather({ role: 'marketing', filter: ['channel=Internet', 'channel=Mobile'] });
    const out = join(served.folder, 'all.xlsx');
    await writeReport(report, 'xlsx', out);
    sheets = readReport('xlsx', out);
  }, 60_000);

  test('has a sheet a visual behind one that says what it is about', () => {
    expect(Object.keys(sheets).length).toBe(titlesOf(report).length + 1);
    expect(Object.keys(sheets)[0]).toBe('About');
    const about = Object.fromEntries((sheets.About ?? []).map(([label, value]) => [label?.[1], value]));
    expect(about.Filters?.[1]).toBe('Channel: Internet, Mobile');
    expect(about['Bookings in this report']).toEqual(['n', report.facts.chosen, '#,##0']);
    expect(about['Last taken in (UTC)']).toEqual(['d', '2026-11-21T07:00:00', 'yyyy-mm-dd hh:mm']);
  });

  test('has numbers, shares and days as such, and no formula', () => {
    const [head = [], first = []] = sheets['Completion rate by week'] ?? [];
    const typed = Object.fromEntries(head.map(([, label], at) => [label, [first[at]?.[0], first[at]?.[2]]]));
    expect(typed).toMatchObject({
      'Week of': ['d', 'yyyy-mm-dd'],
      Channel: ['s', 'General'],
      'Completion rate': ['n', '0.0%'],
      Number: ['n', '#,##0'],
      'simulated dates': ['b', 'General'],
    });
    const cells = Object.values(sheets).flat(2);
    expect(cells.filter(([type]) => type === 'f')).toEqual([]);
    expect(cells.some(([type, value]) => type === 's' && value === FORMULA)).toBe(true);
  });

  test('holds what the SQL of its first sheet answers', async () => {
    const table = (sheets.About ?? []).map((row) => row.map(([, value]) => value));
    const start = table.findIndex((row) => row.includes('SQL'));
    const at = (name: string) => table[start]?.indexOf(name) ?? -1;
    const line = table.slice(start).find(([name]) => name === 'Completion rate by country') ?? [];
    const bound = String(line[at('Parameters')])
      .split('\n')
      .map((pair) => pair.split('=') as [string, string]);
    const rows = await served.ask(String(line[at('SQL')]), Object.fromEntries(bound));
    const shown = (sheets['Completion rate by country'] ?? []).slice(1).map((row) => row.map(([, value]) => value));
    expect(rows.length).toBe(12);
    expect(shown).toEqual(
      rows.map(([name, rate, n, low, high]) => [
        valueText(name ?? null),
        ...[rate, low, high].map((it) => (Number(n) < 10 ? '< 10' : it)),
        Number(n),
      ]),
    );
  });
});

test('a pivot in Excel has a column a key, typed cells, and totals that are those of its bookings', async () => {
  const report = await served.gather({ role: 'direction', visual: 'months-by-channel', language: 'fr' });
  const out = join(served.folder, 'pivot.xlsx');
  await writeReport(report, 'xlsx', out);
  const [head = [], first = [], ...rest] = readReport('xlsx', out)['Par année, mois et canal'] ?? [];
  expect(head.map(([, label]) => label)).toEqual([
    ...['Année', 'Mois', 'Internet', 'Internet, Effectif', 'Mobile', 'Mobile, Effectif', 'Total', 'Total, Effectif'],
  ]);
  expect(first.map(([type, , format]) => [type, format])).toEqual([
    ['s', 'General'],
    ['d', 'yyyy-mm'],
    ...Array.from({ length: 3 }, () => [
      ['n', '0.0%'],
      ['n', '#,##0'],
    ]).flat(),
  ]);
  const [[completed, attempts] = []] = await served.ask(
    'select count_if(booking_complete), count(*) from bookings where event_date is not null',
  );
  const total = rest.at(-1)?.map(([, value]) => value) ?? [];
  expect([total[0], total[6], total[7]]).toEqual(['Total', Number(completed) / Number(attempts), Number(attempts)]);
  expect(rest.filter(([, month]) => month?.[1] === 'Total').length).toBe(2);
});

describe.each([
  ['en', '.', ','],
  ['fr', ',', ';'],
] as const)('CSV in %s', (language, point, separator) => {
  const files: Record<string, CsvRead> = {};
  let report: Report;

  beforeAll(async () => {
    report = await served.gather({ role: 'marketing', language });
    const out = join(served.folder, `csv-${language}`);
    for (const path of await writeReport(report, 'csv', out))
      files[path.slice(out.length + 1)] = readReport(`${language}.csv`, path);
  }, 60_000);

  test('has a file a visual and one about them, each marked as UTF-8', () => {
    expect(Object.keys(files).length).toBe(titlesOf(report).length + 1);
    for (const { hasMark, rows } of Object.values(files)) {
      expect(hasMark).toBe(true);
      expect(rows.length).toBeGreaterThan(1);
    }
    expect(files['about.csv']?.rows.find(([file]) => file === 'rate-by-origin.csv')?.slice(2, 4)).toEqual(['12', '12']);
  });

  test('has its numbers as its spreadsheets read them, and its texts disarmed', async () => {
    const { rows = [] } = files['rate-by-origin.csv'] ?? {};
    const first = rows.find(([name]) => name === `'${FORMULA}`) ?? [];
    const [[rate] = []] = await served.ask(
      `select completion_rate from completion_by_origin where booking_origin = '${FORMULA}'`,
    );
    expect(first[1]).toBe(String(rate).replace('.', point));
    expect(rows.some(([name]) => name === MARKUP)).toBe(true);
    for (const row of rows) for (const cell of row) expect(cell).not.toMatch(/^[=+@]/);
    const raw = await readFile(join(served.folder, `csv-${language}`, 'rate-by-origin.csv'), 'utf8');
    expect(raw.split('\r\n')[1]?.split(separator).length).toBe(rows[0]?.length);
  });
});

test('one visual is one CSV file, with a file about it', async () => {
  const out = join(served.folder, 'origins.csv');
  const files = await writeReport(await served.gather({ role: 'marketing', visual: 'rate-by-origin' }), 'csv', out);
  expect(files).toEqual([out, join(served.folder, 'origins.about.csv')]);
  expect(readReport('en.csv', out).rows.length).toBe(13);
});

test('what is above the limit of rows is cut, told and offered as Parquet', async () => {
  const report = await served.gather({ role: 'marketing', visual: 'rate-by-departure' });
  const [xlsx, csv] = [join(served.folder, 'cut.xlsx'), join(served.folder, 'cut.csv')];
  await writeReport(report, 'xlsx', xlsx, { xlsx: 5, csv: 7 });
  await writeReport(report, 'csv', csv, { xlsx: 5, csv: 7 });
  const sheets = readReport('xlsx', xlsx);
  expect(sheets['Completion rate by departure']?.length).toBe(6);
  expect(JSON.stringify(sheets.About)).toContain('--format parquet --out FILE');
  const about =
    readReport('en.csv', join(served.folder, 'cut.about.csv')).rows.find(
      ([file]) => file === 'rate-by-departure.csv',
    ) ?? [];
  expect(about.slice(2, 4)).toEqual(['7', '168']);
  expect(about[4]).toContain('--format parquet');
  expect(readReport('en.csv', csv).rows.length).toBe(8);
});

describe('a page for itself', () => {
  test('needs nothing else and holds no script, whatever the data and the filters say', async () => {
    const filter = [`origin=${MARKUP}`, `origin="><img src=x onerror=alert(1)>`, "origin=x'; drop table bookings; --"];
    for (const request of [{ role: 'marketing' }, { role: 'marketing', filter }]) {
      const page = await renderReport(await served.gather(request), 'auto');
      const tags = page.match(/<[^>]*>/g) ?? [];
      expect(tags.filter((tag) => /^<(script|img|link|a|iframe)\b|\s(src|href|on\w+)=/i.test(tag))).toEqual([]);
      expect(/url\((?!#)|@import/.test(page)).toBe(false);
      expect(page).toContain('&lt;script&gt;');
      expect(page).toContain("default-src 'none'");
    }
    const chosen = await served.gather({ role: 'marketing', filter });
    const [[count] = []] = await served.ask(`select count(*) from bookings where booking_origin = '${MARKUP}'`);
    expect(chosen.facts.chosen).toBe(Number(count));
  });

  test.each(ROLES)(
    'of the %s breaks no rule of WCAG 2.2 A and AA, and its print is no wider than the paper',
    async (role) => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const page = await renderReport(await served.gather({ role, month: '2026-05', language: 'fr' }), 'auto');
      const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1032, height: 700 } });
      try {
        const sheet = await context.newPage();
        await sheet.setContent(page);
        await sheet.evaluate(axe);
        const run = "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })";
        const found = `${run}.then(({ violations, passes }) => [passes.length, ...violations.map(({ id, nodes }) => id + ': ' + nodes[0].html)])`;
        const [passes, ...broken] = (await sheet.evaluate(found)) as [number, ...string[]];
        expect(passes).toBeGreaterThan(10);
        expect(broken).toEqual([]);
        await sheet.emulateMedia({ media: 'print' });
        const cut = `[...document.querySelectorAll('main *')].filter((it) => it.getBoundingClientRect().right > 1032.5 || (getComputedStyle(it).overflowX !== 'visible' && !(it instanceof SVGElement) && !it.matches('.unseen, .card > footer *') && it.scrollWidth > it.clientWidth + 1)).map((it) => it.outerHTML.slice(0, 120))`;
        expect(await sheet.evaluate(cut)).toEqual([]);
      } finally {
        await context.close();
      }
    },
    60_000,
  );
});

test('fails for a path that cannot take the CSV files, before anything is asked', async () => {
  await expect(checkOut('a.csv', 'csv', ['x', 'y'])).rejects.toThrow(
    'a CSV file holds one visual: give --visual with one of x, y',
  );
  await expect(checkOut(served.folder, 'csv', ['x'])).rejects.toThrow('holds other things');
});
