import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundle, buildLambdas } from '../scripts/build-lambdas.ts';

let folder = '';
let bundles: Bundle[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-bundles-'));
  bundles = await buildLambdas(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the transform is at most 100 KB', () => {
  expect(bundles.find(({ name }) => name === 'transform')?.sizeBytes).toBeLessThanOrEqual(100 * 1024);
});

test('the transform carries neither zod nor a contract, only the plans read from them', async () => {
  const bundle = bundles.find(({ name }) => name === 'transform');
  expect(bundle?.inputs.filter((path) => /zod|contract\.ts$|define-dataset/.test(path))).toEqual([]);
  expect(await readFile(bundle?.path ?? '', 'utf8')).toContain('booking_id');
});
