import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundle, buildLambdas } from '../scripts/build-lambdas.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
let folder = '';
let bundles: Bundle[] = [];

beforeAll(async () => {
  await mkdir(DIST, { recursive: true });
  folder = await mkdtemp(join(DIST, 'bundles-'));
  bundles = await buildLambdas(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the transform is at most 100 KB', () => {
  expect(bundles.find(({ name }) => name === 'transform')?.sizeBytes).toBeLessThanOrEqual(100 * 1024);
});

test('every bundle starts as the runtime starts it', async () => {
  const names = new Set<string>();
  for (const { path } of bundles) {
    for (const [, name = ''] of (await readFile(path, 'utf8')).matchAll(/\("([A-Z][A-Z_]+)"\)/g)) names.add(name);
  }
  const variables = Object.fromEntries([...names].map((name) => [name, '1']));
  // What is loaded only at need starts too. The SDK and DuckDB are not in the bundles: they are found from where these lie.
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.mjs'));
  const script = `for (const path of ${JSON.stringify(files.map((name) => join(folder, name)))}) {
    try {
      const { handler } = await import(path);
      if (path.endsWith('index.mjs') && typeof handler !== 'function') console.log(path + ' has no handler');
    }
    catch (error) { console.log(path + ': ' + error.message); }
  }
  console.log('all tried');`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...variables, DATASET: 'bookings', AWS_REGION: 'eu-west-3' },
    encoding: 'utf8',
  });
  expect(stdout).toBe('all tried\n');
});

test('the transform loads what scores only where scoring is on', () => {
  const bundle = bundles.find(({ name }) => name === 'transform');
  const scores = (paths: readonly string[] = []) => paths.filter((path) => /core\/(model|features)\//.test(path));
  expect(scores(bundle?.inputs)).toEqual([]);
  expect(scores(bundle?.atNeed)).toContain('core/model/forest.ts');
});

test('the transform carries neither zod nor a contract, only the plans read from them', async () => {
  const bundle = bundles.find(({ name }) => name === 'transform');
  const all = [...(bundle?.inputs ?? []), ...(bundle?.atNeed ?? [])];
  expect(all.filter((path) => /zod|contract\.ts$|define-dataset/.test(path))).toEqual([]);
  const started = (await readdir(dirname(bundle?.path ?? ''))).filter((name) => name.endsWith('.mjs'));
  const texts = await Promise.all(started.map((name) => readFile(join(dirname(bundle?.path ?? ''), name), 'utf8')));
  expect(texts.join()).toContain('booking_id');
});

test('the evaluator of alerts carries the SQL of its rules, and neither zod nor a contract', async () => {
  const bundle = bundles.find(({ name }) => name === 'evaluate-alerts');
  expect(bundle?.inputs.filter((path) => /zod|contract\.ts$|define-dataset/.test(path))).toEqual([]);
  const code = await readFile(bundle?.path ?? '', 'utf8');
  for (const words of ['from processed_bookings', 'from change_contributions', 'from model_metrics'])
    expect(code).toContain(words);
  expect(code).not.toContain('readFileSync');
});

test('the function of reports carries its views and its style, and neither zod nor a contract', async () => {
  const bundle = bundles.find(({ name }) => name === 'report');
  const all = [...(bundle?.inputs ?? []), ...(bundle?.atNeed ?? [])];
  expect(all.filter((path) => /node_modules\/zod|contract\.ts$|define-dataset|playwright/.test(path))).toEqual([]);
  expect(bundle?.sizeBytes).toBeLessThanOrEqual(1024 * 1024);
  const code = await readFile(bundle?.path ?? '', 'utf8');
  const carried = ['as lost_to_average', '--series-1', '@page', 'readdirSync'].filter((words) => code.includes(words));
  expect(carried).toEqual(['as lost_to_average', '--series-1', '@page']);
});

test('the converter loads what reads workbooks only for a workbook', () => {
  const bundle = bundles.find(({ name }) => name === 'convert');
  const reading = (paths: readonly string[] = []) =>
    paths.filter((path) => /zip\.js|saxes|convert\/workbook/.test(path));
  expect(reading(bundle?.inputs)).toEqual([]);
  expect(reading(bundle?.atNeed)).toContain('lambdas/convert/workbook/frame-workbook.ts');
});
