import { expect, test } from 'vitest';
import { runSpark } from './spark.ts';

test('the Python of the Glue jobs is formatted and without faults that ruff knows', async () => {
  expect(await runSpark(['-m', 'ruff', 'check', '--no-cache', '.'])).toMatchObject({ status: 0 });
  expect(await runSpark(['-m', 'ruff', 'format', '--no-cache', '--check', '.'])).toMatchObject({ status: 0 });
}, 240_000);

test('the functions of the Glue jobs do on small frames what their own tests say', async () => {
  const { status, output } = await runSpark(['-m', 'pytest', '-q', '-p', 'no:cacheprovider']);
  expect(output).toMatch(/\d+ passed/);
  expect({ status, output }).toMatchObject({ status: 0 });
}, 240_000);
