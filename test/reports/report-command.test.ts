/** The command as a shell sees it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportedLake } from './reported-lake.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/launch.mjs', import.meta.url));
let made: Awaited<ReturnType<typeof reportedLake>>;

beforeAll(async () => {
  made = await reportedLake(300);
}, 60_000);

afterAll(() => made?.end());

function report(given: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [LAUNCHER, 'report', '--role', 'direction', ...given],
    {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    },
  );
  return { status, out: stdout, error: stderr.trim().split('\n').at(-1) };
}

test('a report is told as JSON on standard output alone', () => {
  const out = join(made.folder, 'report.html');
  const { status, out: said } = report([
    '--format',
    'html',
    '--month',
    '2026-05',
    '--out',
    out,
    '--lake',
    made.lake,
    '--json',
  ]);
  expect(status).toBe(0);
  expect(JSON.parse(said)).toMatchObject({
    files: [out],
    dashboard: 'direction',
    period: '2026-05',
    comparedWith: '2026-04',
    failed: [],
  });
  expect(existsSync(out)).toBe(true);
}, 60_000);

test('fails with one sentence and no file where there is no lake', () => {
  const out = join(made.folder, 'none.html');
  const { status, error } = report(['--format', 'html', '--out', out, '--lake', join(made.folder, 'nowhere')]);
  expect([status, existsSync(out)]).toEqual([1, false]);
  expect(error).toMatch(/^laketwin: there is no lake in '.*nowhere': take a file in first/);
}, 60_000);

test('fails with what to do where the named Chromium is not there, and leaves no part of a file', () => {
  const out = join(made.folder, 'none.pdf');
  const given = ['--format', 'pdf', '--out', out, '--lake', made.lake];
  const { status, error } = report(given, { LAKETWIN_CHROMIUM: join(made.folder, 'no-browser') });
  expect([status, existsSync(out), existsSync(`${out}.part`)]).toEqual([1, false, false]);
  expect(error).toContain('give the path of a Chrome or Chromium');
}, 60_000);
