import { expect, test } from 'vitest';
import { findJava17, startSpark } from './spark.ts';

const PYTHON = ['.', '../test/engines/spark_jobs.py'];

test('the Python of the Glue jobs is formatted and without faults that ruff knows', async () => {
  expect(
    await startSpark(['-m', 'ruff', 'check', '--no-cache', '--config', 'pyproject.toml', ...PYTHON]).ended,
  ).toMatchObject({ status: 0 });
  expect(
    await startSpark(['-m', 'ruff', 'format', '--no-cache', '--config', 'pyproject.toml', '--check', ...PYTHON]).ended,
  ).toMatchObject({ status: 0 });
}, 240_000);

test('the functions of the Glue jobs do on small frames what their own tests say', async () => {
  const { status, output } = await startSpark(['-m', 'pytest', '-q', '-p', 'no:cacheprovider']).ended;
  expect(output).toMatch(/\d+ passed/);
  expect({ status, output }).toMatchObject({ status: 0 });
}, 240_000);

test('fails with what to install where there is no Java 17', () => {
  expect(() => findJava17([undefined, '/nowhere'])).toThrow(
    /^Spark needs Java 17, and none was found: on Debian apt-get install openjdk-17-jre-headless, or set JAVA_HOME$/,
  );
});
