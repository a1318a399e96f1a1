import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { BOOKING_HEADER, BOOKING_LINE } from '../convert-input.ts';
import { injected } from './injected.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/launch.mjs', import.meta.url));
const CANARY = 'canary.person@example.org';
const folder = mkdtempSync(join(tmpdir(), 'laketwin-canary-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('no command prints a personal value or the key of pseudonyms, whether it goes well or fails', (context) => {
  const lake = join(folder, 'lake');
  const good = join(folder, 'good.csv');
  const header = `booking_id,customer_id,${BOOKING_HEADER}`;
  const bad = BOOKING_LINE.replace('Internet', 'Fax');
  const lines = [
    `B-1,${CANARY},${BOOKING_LINE}`,
    `B-2,${CANARY},${bad}`,
    `B-3,${CANARY},"${BOOKING_LINE}`,
    `${CANARY}`,
  ];
  writeFileSync(good, [header, ...lines, ''].join('\n'));
  const page = join(folder, 'page.html');
  writeFileSync(page, `<html>${CANARY}</html>`);
  const torn = join(folder, 'torn.json');
  writeFileSync(torn, `[{"customer_id":"${CANARY}","num_pass`);
  const noHeader = join(folder, 'none.csv');
  writeFileSync(noHeader, `${CANARY},${BOOKING_LINE}\n`);
  const outputs = [
    laketwin('run', '--no-serve', '--lake', lake, '--input', good),
    laketwin('run', '--no-serve', '--json', '--lake', lake, '--input', good),
    laketwin('run', '--no-serve', '--lake', lake, '--input', page),
    laketwin('run', '--no-serve', '--lake', lake, '--input', torn),
    laketwin('run', '--no-serve', '--lake', lake, '--input', noHeader),
    laketwin('query', '--lake', lake, '--sql', 'select * from bookings'),
    laketwin('replay', '--lake', lake),
  ];
  const { secret } = JSON.parse(readFileSync(join(lake, '.keys', 'pseudonym.json'), 'utf8'));
  expect(secret.length).toBeGreaterThan(20);
  expect(outputs.join('').length).toBeGreaterThan(500);
  for (const output of outputs) {
    expect(output).not.toContain(CANARY);
    expect(output).not.toContain(secret);
    injected(context);
  }
  for (const file of filesBelow(join(lake, 'processed')).concat(filesBelow(join(lake, 'curated')))) {
    expect([file, readFileSync(file).includes(CANARY)]).toEqual([file, false]);
  }
}, 120_000);

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function laketwin(...args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8' });
  return stdout + stderr;
}
