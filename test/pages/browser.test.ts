/** The pages in a real Chromium, as readers and their tools see them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type VisualKind, visualsOf } from '../../core/dashboards/types.ts';
import { bookingDashboards } from '../../datasets/bookings/dashboards.ts';
import { servedLake } from './served-lake.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Kinds that are text and no drawing. */
const UNDRAWN: readonly VisualKind[] = ['kpi', 'table', 'pivot'];
const POINTS = visualsOf(bookingDashboards)
  .filter(({ kind }) => kind === 'scatter')
  .map(({ id }) => `#${id} svg.chart`)
  .join(', ');
/** How many texts there are in drawings of points, and pairs of them that share more than a pixel. */
const OVERLAPPING = `(() => {
  const drawings = [...document.querySelectorAll(${JSON.stringify(POINTS)})];
  const texts = drawings.map((svg) => [...svg.querySelectorAll('text')].map((it) => [it.textContent, it.getBoundingClientRect()]));
  const share = (p, q) => p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1;
  const pairs = texts.flatMap((own) => own.flatMap(([a, p], at) => own.slice(at + 1).filter(([, q]) => share(p, q)).map(([b]) => a + ' / ' + b)));
  return [texts.flat().length, ...pairs];
})()`;
const IDS = bookingDashboards.dashboards.map(({ id }) => id);

let served: Awaited<ReturnType<typeof servedLake>>;
let browser: Browser;

beforeAll(async () => {
  served = await servedLake(4000);
  await served.score();
  const executablePath = await chromium.executablePath();
  // The package's own arguments are for Lambda: one process, which dies at the second window.
  browser = await playwright.launch({ executablePath, args: ['--no-sandbox', '--no-zygote', '--disable-gpu'] });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await served?.end();
});

interface Shown {
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
  readonly bypassCSP?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

async function show<T>(path: string, shown: Shown, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...shown });
  try {
    const page = await context.newPage();
    await page.goto(new URL(path, served.server.address).href);
    return await work(page);
  } finally {
    await context.close();
  }
}

/** What breaks WCAG 2.2 A or AA. Axe itself is a script, which the policy of the pages would refuse. */
async function violations(path: string, shown: Shown): Promise<string[]> {
  return show(path, { ...shown, bypassCSP: true }, async (page) => {
    await page.evaluate(AXE);
    const found = await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES)} }).then(({ violations, passes }) => [passes.length, ...violations.map(({ id, nodes }) => id + ': ' + nodes[0].html)])`,
    );
    const [passes, ...broken] = found as [number, ...string[]];
    expect(passes).toBeGreaterThan(15);
    return broken;
  });
}

describe.each(IDS)('the dashboard %s', (id) => {
  test.each([
    ['en', 'light'],
    ['fr', 'dark'],
  ] as const)(
    'breaks no rule of WCAG 2.2 A and AA in %s and %s',
    async (language, colorScheme) => {
      expect(await violations(`/${id}?lang=${language}&channel=Mobile`, { colorScheme })).toEqual([]);
    },
    60_000,
  );

  test('is laid out without a refusal by its own policy, and no wider than the window', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    try {
      const page = await context.newPage();
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      await page.goto(new URL(`/${id}`, served.server.address).href);
      expect(said).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1280);
    } finally {
      await context.close();
    }
  }, 30_000);
});

test('the empty state breaks no rule of WCAG 2.2 A and AA either', async () => {
  expect(await violations('/marketing?channel=Fax', { colorScheme: 'light' })).toEqual([]);
}, 30_000);

test('without JavaScript, the form and a bar set filters that stay in the address', async () => {
  await show('/marketing?lang=en', { javaScriptEnabled: false }, async (page) => {
    await page.getByText('Channel: all').click();
    await page.getByLabel('Mobile', { exact: true }).check();
    await page.getByRole('button', { name: 'Apply' }).click();
    expect(new URL(page.url()).searchParams.get('channel')).toBe('Mobile');
    await page.getByRole('link', { name: 'Filter by Australia' }).first().click();
    const { searchParams } = new URL(page.url());
    expect([...searchParams.entries()].sort()).toEqual([
      ['channel', 'Mobile'],
      ['lang', 'en'],
      ['origin', 'Australia'],
    ]);
    await page.getByRole('link', { name: 'Remove filter Channel: Mobile' }).click();
    expect(new URL(page.url()).searchParams.get('channel')).toBe(null);
    expect(new URL(page.url()).searchParams.get('origin')).toBe('Australia');
  });
}, 60_000);

test('the theme of the address overrules the one of the system', async () => {
  const ground = (path: string, colorScheme: 'light' | 'dark') =>
    show(path, { colorScheme }, (page) => page.evaluate('getComputedStyle(document.body).backgroundColor'));
  const dark = await ground('/direction', 'dark');
  expect(await ground('/direction?theme=dark', 'light')).toBe(dark);
  expect(await ground('/direction', 'light')).not.toBe(dark);
}, 30_000);

test.each([1280, 390])(
  'no text of a drawing of points lies over another, %i pixels wide',
  async (width) => {
    for (const id of IDS) {
      const [texts, ...overlapping] = await show(
        `/${id}?lang=fr`,
        { viewport: { width, height: 900 } },
        async (page) => (await page.evaluate(OVERLAPPING)) as [number, ...string[]],
      );
      expect(texts).toBeGreaterThan(15);
      expect([id, overlapping]).toEqual([id, []]);
    }
  },
  30_000,
);

test('every chart has a role and a sentence for those who do not see it', async () => {
  const drawn = bookingDashboards.dashboards
    .find(({ id }) => id === 'marketing')
    ?.sheets.flatMap(({ visuals }) => visuals.filter(({ kind }) => !UNDRAWN.includes(kind)));
  await show('/marketing?lang=fr', {}, async (page) => {
    for (const { title } of drawn ?? [])
      expect(await page.getByRole('img', { name: new RegExp(title.fr.slice(0, 12)) }).count()).toBeGreaterThan(0);
    expect(await page.getByRole('img').count()).toBe(drawn?.length);
  });
}, 30_000);
