import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { alerts } from '../../local/commands/alerts.ts';
import { UsageError } from '../../local/exit-status.ts';
import { openFileStore } from '../../local/file-store.ts';
import { aBooking, takeIn } from '../engines/bookings-lake.ts';

let lake: string;
beforeEach(async () => {
  lake = await mkdtemp(join(tmpdir(), 'laketwin-alerts-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(lake, { recursive: true, force: true });
});

test('the command says of each alert what it is about, ends with 0, and gives the same as JSON', async () => {
  await takeIn(await openFileStore(lake), { name: 'a', bookings: [aBooking()] });
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  expect(await alerts({ dataset: 'bookings', lake })).toBe(0);
  expect(await alerts({ dataset: 'bookings', lake, json: true })).toBe(0);
  const [[table], [json]] = said.mock.calls as [[string], [string]];
  for (const words of ['stream-silent', 'calibration-gap', 'nothing to measure']) expect(table).toContain(words);
  const { outcomes, messages } = JSON.parse(json);
  expect(outcomes.map(({ kind }: { kind: string }) => kind)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  expect(messages).toEqual([]);
});

test('fails on a webhook that is no chat, before anything is asked', async () => {
  for (const webhook of ['http://hooks.slack.com/x', 'https://169.254.169.254/', 'https://example.com/', 'x'])
    await expect(alerts({ dataset: 'bookings', lake, webhook })).rejects.toThrow(UsageError);
});

test('fails where there is no lake, and for a dataset without alerts', async () => {
  await expect(alerts({ dataset: 'bookings', lake: join(lake, 'none') })).rejects.toThrow('there is no lake in');
  await expect(alerts({ dataset: 'rooms', lake })).rejects.toThrow("there are no alerts of 'rooms', expected one of");
});
