import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertsKey } from '../../core/alerts/keys.ts';
import { type AlertPorts, runAlerts } from '../../core/alerts/run-alerts.ts';
import type { AlertSet } from '../../core/alerts/types.ts';
import { alertsOf } from '../../datasets/alerts.ts';
import { type FileStore, openFileStore } from '../../local/file-store.ts';

const NOW = Date.parse('2026-03-02T12:00:00.000Z');
const SILENT = [{ value: 20, n: 5, period: '2026-03-02 11:40 UTC' }];
const all = alertsOf('bookings');
const set: AlertSet = { ...all, rules: all.rules.filter(({ id }) => id === 'stream-silent') };

let folder: string;
let store: FileStore;
let sent: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-run-alerts-'));
  store = await openFileStore(folder);
  sent = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('of evaluators at the same moment one sends', async () => {
  const runs = await Promise.all(Array.from({ length: 8 }, () => runAlerts(set, ports())));
  expect(sent).toEqual(['bookings/stream-silent/1/raised']);
  expect(runs.filter(({ messages }) => messages.length > 0)).toHaveLength(1);
  const others = runs.filter(({ messages }) => messages.length === 0);
  for (const { outcomes } of others) expect(outcomes).toMatchObject([{ kind: 'waiting' }]);
});

test('a message of an evaluator that died is sent by a later one, under the same id, and not while it may be at work', async () => {
  const dying = { ...ports(), send: () => Promise.reject(new Error('the topic does not answer')) };
  await expect(runAlerts(set, dying)).rejects.toThrow('the topic does not answer');
  await runAlerts(set, ports(1));
  expect(sent).toEqual([]);
  const { messages } = await runAlerts(set, ports(6));
  expect(messages.map(({ at }) => at)).toEqual(['2026-03-02T12:00:00.000Z']);
  await runAlerts(set, ports(12));
  expect(sent).toEqual(['bookings/stream-silent/1/raised']);
});

test('a rule whose query fails is told of, and the others are evaluated', async () => {
  const wide = { ...all, rules: all.rules.filter(({ id }) => id !== 'calibration-gap') };
  const run = await runAlerts(wide, {
    ...ports(),
    ask: async (sql) => {
      if (sql === 'rejected-share') throw new Error('the engine is away');
      return sql === 'stream-silence' ? SILENT : [];
    },
  });
  expect(run.outcomes.map(({ kind }) => kind)).toEqual(['evaluated', 'evaluated', 'failed']);
  expect(run.outcomes.at(-1)).toMatchObject({ reason: 'bookings/rejected-share.sql: the engine is away' });
  expect(sent).toEqual(['bookings/stream-silent/1/raised']);
});

test('a rule is not asked again before its time', async () => {
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return [];
  };
  const counting = (minutes: number) => ({ ...ports(minutes), ask });
  for (const minutes of [0, 1, 4, 5, 9, 10]) await runAlerts(set, counting(minutes));
  expect(asked).toBe(3);
});

test('fails on a state that is of another version', async () => {
  await store.put('curated', alertsKey('bookings'), '{"version":2}');
  await expect(runAlerts(set, ports())).rejects.toThrow('is no state of alerts of version 1');
});

function ports(minutesLater = 0): AlertPorts {
  return {
    store,
    sql: (query) => query,
    ask: async () => SILENT,
    relations: new Set(all.rules.flatMap(({ needs }) => needs)),
    send: async ({ id }) => void sent.push(id),
    now: () => new Date(NOW + minutesLater * 60_000),
  };
}
