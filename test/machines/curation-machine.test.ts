import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';
import { aBooking, putBookings } from '../engines/bookings-lake.ts';
import { definition, machineOver } from './curation-parts.ts';
import { runMachine } from './local-machine.ts';

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-machine-'));
let lakes = 0;
let store: FileStore;

beforeEach(async () => {
  store = await openFileStore(join(scratch, String(lakes++)));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('nothing new ends well, and publishes nothing', async () => {
  const { handlers, alerts } = machineOver(store);
  await runMachine(definition, handlers, 'run-1');
  expect(alerts).toEqual([]);
  expect(await readCurrentManifest(store, 'bookings')).toBeUndefined();
});

test('a new object is settled, checked and published, and the next run finds nothing new', async () => {
  await putBookings(store, { name: 'a.csv', bookings: [aBooking(), aBooking({ flight_hour: 3 })], rejected: ['x:y'] });
  const { handlers, alerts } = machineOver(store);
  await runMachine(definition, handlers, 'run-1');
  expect(alerts).toEqual([]);
  expect(await readCurrentManifest(store, 'bookings')).toMatchObject({ version: 1, rows: 2 });
  expect(publishedFiles()).toHaveLength(1);
  await runMachine(definition, handlers, 'run-2');
  expect(await readCurrentManifest(store, 'bookings')).toMatchObject({ version: 1 });
});

test('what is settled stays as it is when something else comes in', async () => {
  await putBookings(store, { name: 'a.csv', receivedAt: '2026-03-10T08:00:00.000Z', bookings: [aBooking()] });
  const { handlers } = machineOver(store);
  await runMachine(definition, handlers, 'run-1');
  const before = publishedFiles();
  await putBookings(store, { name: 'b.csv', receivedAt: '2026-03-11T08:00:00.000Z', bookings: [aBooking()] });
  await runMachine(definition, handlers, 'run-2');
  expect(await readCurrentManifest(store, 'bookings')).toMatchObject({ version: 2, rows: 2 });
  expect(publishedFiles()).toEqual(expect.arrayContaining(before));
  expect(publishedFiles()).toHaveLength(2);
});

test('fails with an alert where a check is broken, and what was published before stays', async () => {
  await putBookings(store, { name: 'a.csv', bookings: [aBooking()] });
  await runMachine(definition, machineOver(store).handlers, 'run-1');
  const before = publishedFiles();
  await putBookings(store, {
    name: 'b.csv',
    receivedAt: '2026-03-11T08:00:00.000Z',
    bookings: [aBooking({ num_passengers: 12 })],
  });
  const { handlers, alerts } = machineOver(store);
  await expect(runMachine(definition, handlers, 'run-2')).rejects.toThrow(/ChecksFailed|contract-of-bookings/);
  expect(alerts).toEqual([expect.stringMatching(/run-2.*contract-of-bookings/)]);
  expect(publishedFiles()).toEqual(before);
});

test('fails with an alert where the job left rows out', async () => {
  await putBookings(store, { name: 'a.csv', bookings: [aBooking(), aBooking({ flight_hour: 3 })] });
  const { handlers, alerts } = machineOver(store);
  const Settle = async (input: { Arguments: { '--order': string } }) => {
    await handlers.Settle?.(input as never);
    const path = input.Arguments['--order'].replace(/order\.json$/, 'result.json');
    const result = JSON.parse(readFileSync(path, 'utf8'));
    result.units[0].rowsIn = 1;
    writeFileSync(path, JSON.stringify(result));
    return {};
  };
  await expect(runMachine(definition, { ...handlers, Settle }, 'run-1')).rejects.toThrow();
  expect(alerts).toEqual([expect.stringContaining('settled from 1 rows, the ledger names 2')]);
  expect(publishedFiles()).toEqual([]);
});

test('a step that fails twice is tried again', async () => {
  await putBookings(store, { name: 'a.csv', bookings: [aBooking()] });
  const { handlers, alerts } = machineOver(store);
  let tries = 0;
  const Plan = (input: never) => {
    tries++;
    if (tries < 3) throw new Error('the store is slow');
    return handlers.Plan?.(input);
  };
  await runMachine(definition, { ...handlers, Plan }, 'run-1');
  expect(tries).toBe(3);
  expect(alerts).toEqual([]);
  expect(await readCurrentManifest(store, 'bookings')).toMatchObject({ version: 1 });
});

test('a run leaves it to another one that is under way', async () => {
  await putBookings(store, { name: 'a.csv', bookings: [aBooking()] });
  await runMachine(definition, machineOver(store, { running: 2 }).handlers, 'run-2');
  expect(await readCurrentManifest(store, 'bookings')).toBeUndefined();
});

test('a run that was stopped between manifest and list is mended by the next', async () => {
  await putBookings(store, { name: 'a.csv', bookings: [aBooking()] });
  const { handlers } = machineOver(store);
  await runMachine(definition, handlers, 'run-1');
  const files = publishedFiles();
  rmSync(store.pathOf('curated', 'published'), { recursive: true });
  await runMachine(definition, handlers, 'run-2');
  expect(publishedFiles()).toEqual(files);
});

function publishedFiles(): string[] {
  const folder = store.pathOf('curated', 'published/bookings');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
}
