import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BOOKING_HEADER, BOOKING_LINE } from '../convert-input.ts';
import { type ApiServer, json, startApi, type Turn } from '../faults/api-server.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/launch.mjs', import.meta.url));
const NAMES = BOOKING_HEADER.split(',');
const record = (id: number) =>
  `{"booking_id":"B-${id}",${BOOKING_LINE.split(',').map((cell, place) => `"${NAMES[place]}":${JSON.stringify(/^[\d.]+$/.test(cell) ? Number(cell) : cell)}`)}}`;

let api: ApiServer;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'laketwin-pull-'));
  api = await startApi();
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('pull takes all pages of an API into the lake, by what a declaration says', async () => {
  const numbered: Turn = (answer, asked) => {
    const page = Number(asked.url.searchParams.get('page'));
    const records = page > 3 ? [] : [record(2 * page), record(2 * page + 1)];
    json(`{"data":{"rows":[${records}]}}`)(answer, asked);
  };
  api.turns = [numbered];
  const declaration = declared({
    address: `${api.origin}/bookings`,
    records: 'data.rows',
    next: { by: 'number', parameter: 'page' },
    authorization: { variable: 'BOOKINGS_TOKEN', header: 'x-api-key', scheme: '' },
  });
  const lake = join(folder, 'lake');
  const given = ['pull', '--source', declaration, '--lake', lake, '--json'];
  const { status, output, errors } = await laketwin([...given, '--allow-loopback'], { BOOKINGS_TOKEN: 'k-1' });
  expect([status, errors]).toEqual([0, expect.stringContaining('pulled 6 records on 4 pages')]);
  expect(JSON.parse(output)).toMatchObject({
    pulled: { pages: 4, records: 6, retries: 0, warnings: [] },
    dataset: 'bookings',
    accepted: 6,
    inputs: [{ name: 'api.jsonl', status: 'taken in' }],
  });
  expect(api.headers[0]).toMatchObject({ 'x-api-key': 'k-1', 'accept-encoding': 'identity' });
  const asked = api.asked.length;
  const again = await laketwin([...given, '--allow-loopback'], {});
  expect([again.status, again.errors.trim().split('\n').at(-1)]).toEqual([
    1,
    'laketwin: the environment variable BOOKINGS_TOKEN is not set: it holds what the API asks for',
  ]);
  const inside = await laketwin(given, { BOOKINGS_TOKEN: 'k-1' });
  expect([inside.status, inside.errors]).toEqual([
    1,
    expect.stringContaining('has 127.0.0.1, expected a public address'),
  ]);
  expect(api.asked.length).toBe(asked);
}, 60_000);

test('pull --help shows a declaration that is right', async () => {
  const { output, status } = await laketwin(['pull', '--help'], {});
  expect(status).toBe(0);
  const shown = output.slice(output.indexOf('  {\n'), output.indexOf('\n  }\n') + 4);
  const { readApiSource } = await import('../../core/sources/api-source.ts');
  expect(readApiSource(shown).limits).toEqual(readApiSource('{"address":"https://a"}').limits);
});

function declared(source: object): string {
  const path = join(folder, 'api.json');
  writeFileSync(path, JSON.stringify(source));
  return path;
}

async function laketwin(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...process.env, ...env } });
  const [output, errors, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.on('close', done)),
  ]);
  return { status, output, errors };
}
