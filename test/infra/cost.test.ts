/** The bill of this repository's own stacks, and the command that prints it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environments, proven } from '../../lib/environments.ts';
import type { AssemblyStack } from '../../proof/assembly.ts';
import { costPage } from '../../proof/cost/cost-page.ts';
import { estimate } from '../../proof/cost/estimate.ts';
import { pricesFor } from '../../proof/cost/prices.ts';
import { renderEstimate } from '../../proof/cost/render.ts';
import { evaluate, readScenario, reportScenario, SCENARIOS } from '../../proof/cost/scenario.ts';
import { synthesise } from '../../proof/cost/synthesise.ts';
import { DEFAULT_VOLUMES, readVolumes } from '../../proof/cost/volumes.ts';
import { lakeOf, PRICES, resource, volumesWith } from './cost-lake.ts';

const lakes = new Map<string, AssemblyStack[]>();
beforeAll(async () => {
  for (const environment of proven) lakes.set(environment.name, await synthesise(environment));
}, 120_000);

function stacksOf(name: string): AssemblyStack[] {
  const stacks = lakes.get(name);
  if (stacks === undefined) throw new Error(`no stacks of ${name}, expected those of ${[...lakes.keys()].join(', ')}`);
  return stacks;
}

describe.each(proven)('$name', ({ name, region }) => {
  const bill = () => estimate(stacksOf(name), readVolumes(DEFAULT_VOLUMES), pricesFor(region));

  test('holds no resource whose type is neither priced nor known to be free', () => {
    expect(bill().lines.length).toBeGreaterThan(50);
    expect(bill().unpriced).toEqual([]);
  });

  test('has a volume for each of its buckets', () => {
    const strangers = bill().lines.filter(({ formula }) => formula.includes('say nothing of this bucket'));
    expect(strangers).toEqual([]);
  });

  test('pays a key for each key of its templates, and each crawler by its own schedule', () => {
    const resources = stacksOf(name).flatMap(({ template }) => Object.values(template.Resources));
    const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
    const { lines } = bill();
    expect(lines.find(({ item }) => item === 'keys')?.quantity).toBe(count('AWS::KMS::Key'));
    expect(lines.filter(({ item }) => item.startsWith('crawler '))).toHaveLength(count('AWS::Glue::Crawler'));
  });

  test('follows references between stacks: functions are called by the stream and the queues that they serve', () => {
    const calls = bill().lines.filter(({ item }) => item.startsWith('calls '));
    const convert = calls.find(({ item }) => item === 'calls Convert');
    expect(convert?.quantity).toBeCloseTo(0.00072, 9); // 24 files a day
    const transform = calls.find(({ item }) => item.includes('transform'));
    if (transform !== undefined) expect(transform.formula).toContain('one a batch of the stream');
  });
});

test('an environment without a stream pays for none, and says so', () => {
  const quiet = environments.find(({ streaming }) => !streaming);
  if (quiet === undefined) throw new Error('no environment without a stream, expected dev');
  const { lines } = estimate(stacksOf(quiet.name), volumesWith({ streamShare: 1 }), PRICES);
  expect(lines.find(({ service }) => service === 'Firehose')?.formula).toContain('no stream is synthesised');
});

describe.each(SCENARIOS)('the scenario %s', (name) => {
  const report = () => reportScenario(readScenario(name), stacksOf('prod'), PRICES);

  test('is 100 GB a month', () => {
    const { rowsPerDay, bytesPerRow } = readScenario(name).volumes;
    expect((rowsPerDay * bytesPerRow * 30) / 2 ** 30).toBeCloseTo(100, 3);
  });

  test('is within the order’s total, but for lines that the order has too low and services that it leaves out', () => {
    const { comparisons, scenario } = report();
    const capped = comparisons.reduce((sum, { says, oursUSD }) => sum + Math.min(oursUSD, says[1] ?? oursUSD), 0);
    const [from, to] = scenario.order.total;
    expect(capped).toBeGreaterThanOrEqual(from);
    expect(capped).toBeLessThanOrEqual(to ?? Number.POSITIVE_INFINITY);
  });

  test('finds the crawler and the seats too low, and nothing else that is large', () => {
    const low = report().comparisons.filter(({ verdict }) => verdict === 'too low');
    const named = low.map(({ service, item }) => `${service} ${item}`);
    const conversion = name === 'streaming' ? ['Firehose Parquet conversion, left out'] : [];
    expect(named).toEqual([...conversion, 'Glue crawler', 'QuickSight two editors and a reader']);
  });

  test('recomputes the crawler as 4.40 and the seats as 51 $, worked out by hand', () => {
    const { comparisons } = report();
    const usd = (item: string) => comparisons.find((one) => one.item === item)?.recomputedUSD;
    expect(usd('crawler')).toBeCloseTo((30 * 10 * 2 * 0.44) / 60, 9);
    expect(usd('two editors and a reader')).toBe(24 + 24 + 3);
  });
});

test('the streaming scenario is 100 GB of rows, 137 GB as they are packed and 2,048 GB with a record a row', () => {
  const { result } = reportScenario(readScenario('streaming'), stacksOf('prod'), PRICES);
  const ingestion = result.lines.find(({ item }) => item.startsWith('ingestion'));
  expect(ingestion?.quantity).toBeCloseTo(100 * (10_240 / 7_500), 3); // 30 rows of 250 bytes in two steps
  expect(ingestion?.trap).toContain('would be as 2,048 GB'); // 250 bytes in a step of 5,120
});

test('docs/cost.md says what is true today, its figures within a twentieth or half a dollar: npm run docs writes them', () => {
  const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');
  const today = costPage(page, stacksOf('prod'));
  const figure = /\d[\d,]*\.?\d*/g;
  expect(page.replace(figure, '#')).toBe(today.replace(figure, '#'));
  const figures = (text: string) => (text.match(figure) ?? []).map((one) => Number(one.replaceAll(',', '')));
  const now = figures(today);
  const far = figures(page).filter((one, index) => Math.abs(one - (now[index] ?? 0)) > Math.max(0.5, one / 20));
  expect(far).toEqual([]);
});

test.each([
  ['100 GB', 100],
  ['30 runs × 10 minutes / 60 × 2 DPU', 10],
  ['102.4 thousands of writes', 102.4],
])('%s is %f', (quantity, value) => {
  expect(evaluate(quantity)).toBeCloseTo(value, 9);
});

test('the total is bold on a terminal and plain elsewhere, and unknown types are named', () => {
  const result = estimate(lakeOf({ Db: resource('AWS::RDS::DBInstance') }), volumesWith(), PRICES);
  expect(renderEstimate(result, { environment: 'test', isTerminal: true })).toContain('\u001b[1mtest in us-east-1');
  const plain = renderEstimate(result, { environment: 'test', isTerminal: false });
  expect(plain).not.toContain('\u001b');
  expect(plain).toContain('not priced: AWS::RDS::DBInstance (Test-Lake/Db)');
});

describe('npx laketwin cost', () => {
  const launcher = fileURLToPath(new URL('../../bin/launch.mjs', import.meta.url));
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'laketwin-cost-test-'));
    const keys = Object.fromEntries(['A', 'B', 'C'].map((id) => [id, resource('AWS::KMS::Key')]));
    const topic = { Topic: resource('AWS::QuickSight::Topic') };
    const Resources = {
      ...keys,
      ...topic,
      Group: resource('AWS::Athena::WorkGroup', { Name: 'analysts-dashboards-pipelines' }),
    };
    const artifact = {
      type: 'aws:cloudformation:stack',
      displayName: 'Prod/Lake',
      properties: { templateFile: 'lake.json' },
    };
    writeFileSync(join(folder, 'lake.json'), JSON.stringify({ Resources }));
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts: { 'Prod-Lake': artifact } }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'cost', ...args], { encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  test('prints one JSON document whose lines have a quantity, a price and a formula', () => {
    const { status, stdout } = run('--assembly', folder, '--json', '--budget', '1000');
    expect(status).toBe(0);
    const bill = JSON.parse(stdout);
    expect(bill).toMatchObject({ environment: 'prod', region: 'eu-west-3', budgetUSD: 1000, isWithinBudget: true });
    const keys = bill.lines.find(({ item }: { item: string }) => item === 'keys');
    expect(keys).toMatchObject({ service: 'KMS', quantity: 3, unitPriceUSD: 1, monthlyUSD: 3, confirmed: true });
  });

  test('fails above the budget with status 1 and a sentence that names the largest lines', () => {
    const { status, stderr } = run('--assembly', folder, '--budget', '100');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /above the budget of 100\.00 \$; the largest lines are QuickSight infrastructure fee 250\.00 \$/,
    );
  });

  test.each<[string, string[], RegExp]>([
    [
      'an environment that is not there',
      ['--env', 'nope'],
      /unknown environment 'nope', expected one of dev, staging, prod/,
    ],
    ['an environment that the assembly lacks', ['--env', 'dev'], /unknown environment 'dev', expected one of prod/],
    ['a region without prices', ['--region', 'eu-north-9'], /no prices for region 'eu-north-9'/],
    ['a scenario that is not there', ['--scenario', '../volumes'], /unknown scenario/],
    ['a scenario with volumes', ['--scenario', 'batch', '--volumes', 'mine.json'], /brings its own volumes/],
    ['volumes that cannot be read', ['--volumes', 'no-such.json'], /no-such\.json cannot be read/],
    ['a budget of 0', ['--budget', '0'], /above 0/],
    ['a folder without an assembly', ['--assembly', 'no-such-folder'], /holds no cloud assembly/],
  ])('fails on %s with status 2 and a sentence', (what, args, sentence) => {
    const assembly = what.includes('not there') || args.includes('--assembly') ? [] : ['--assembly', folder];
    const { status, stderr } = run(...assembly, ...args);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(2);
  });
});
