import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { BOOKING_HEADER, BOOKING_LINE } from '../convert-input.ts';
import { digests } from './digests.ts';
import { injected } from './injected.ts';
import { tracesOf } from './person-traces.ts';

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

test('an erasure is told the person by no argument, and prints nothing of them', async (context) => {
  const lake = join(folder, 'erased');
  const good = join(folder, 'erased.csv');
  const lines = [`B-1,${CANARY},${BOOKING_LINE}`, `B-2,C2,${BOOKING_LINE}`, `B-3,${CANARY},"${BOOKING_LINE}`, CANARY];
  writeFileSync(good, [`booking_id,customer_id,${BOOKING_HEADER}`, ...lines, ''].join('\n'));
  laketwin('run', '--no-serve', '--no-train', '--lake', lake, '--input', good);
  const raw = digests(join(lake, 'raw'));
  const file = join(folder, 'person.txt');
  writeFileSync(file, `${CANARY.toUpperCase()}\r\n`);
  const erase = (input: string, ...args: string[]) => laketwinTold(input, 'erase', '--lake', lake, ...args);
  const refused = [
    erase(CANARY, '--person', '-'),
    erase(`${CANARY}\n${CANARY}`, '--person', '-', '--yes'),
    erase(CANARY, '--person', '-', '--pseudonym', '--yes'),
  ];
  for (const { status } of refused) expect(status).not.toBe(0);
  const looked = erase('', '--person', file, '--dry-run', '--json');
  expect(digests(join(lake, 'raw'))).toEqual(raw);
  const erased = erase(CANARY, '--person', '-', '--yes', '--json');
  const again = erase('', '--person', file, '--yes');
  expect([looked.status, erased.status, again.status]).toEqual([0, 0, 0]);
  expect(JSON.parse(erased.stdout)).toMatchObject({ outcome: 'erased', rows: { raw: 3, processed: 1, rejected: 2 } });
  expect(again.stderr).toContain('nothing of the person is in the lake');
  for (const { stdout, stderr } of [...refused, looked, erased, again]) {
    expect((stdout + stderr).toLowerCase()).not.toContain(CANARY);
    injected(context);
  }
  expect(await tracesOf(lake, CANARY)).toEqual([]);
}, 120_000);

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function laketwin(...args: string[]): string {
  const { stdout, stderr } = laketwinTold('', ...args);
  return stdout + stderr;
}

/** Runs a command that is given this on its standard input. */
function laketwinTold(input: string, ...args: string[]) {
  return spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8', input });
}
