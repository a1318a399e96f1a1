import { Buffer } from 'node:buffer';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { FirehoseEvent } from '../../core/etl/envelope.ts';
import { pseudonymKey } from '../../core/etl/pseudonym.ts';
import type { FeatureRow } from '../../core/features/feature-plan.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { batchScorer } from '../../lambdas/transform/score-batch.ts';
import { type TransformReport, transformEvents } from '../../lambdas/transform/transform-events.ts';
import { curateLake } from '../../local/curate-lake.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { streamRows } from '../../local/firehose.ts';
import { learnFromLake } from '../../local/model/learn-lake.ts';
import { registryReader } from '../../local/model/registry-reader.ts';
import { scoreLake } from '../../local/model/score-lake.ts';
import { jsonRow } from '../stream-rows.ts';
import { bookingRows } from './booking-rows.ts';
import { JUDGED, publishJudged } from './publish-judged.ts';
import { TARGET } from './tiny-model.ts';

const plan = datasetNamed('bookings');
const folder = await mkdtemp(join(tmpdir(), 'laketwin-scored-'));
const TRAINED = '2026-05-01T10:00:00.000Z';
const MANY = 300_000;

afterAll(() => rm(folder, { recursive: true, force: true }));

test(
  'the stream and the lake give each row the same probability and the same flags, whatever the row',
  async () => {
    const lake = join(folder, 'equal');
    await publishJudged(lake, TRAINED, 2000);
    const odd = fc.sample(jsonRow(plan), { numRuns: 2500, seed: 7 }).filter((json) => !/[\r\n]/.test(json));
    await stream(lake, '2026-05-02', [...odd, ...named(bookingRows(500, 3), 'b')]);
    const ask = `select s.booking_id, s.completion_probability, s.risk_band, s.flags, s.model_version
    from booking_scores s join bookings b on s.booking_id = b.booking_id where b.versions = 1 order by 1`;
    const streamed = await rowsOf(lake, ask);
    await rm(join(lake, 'curated', 'booking_scores'), { recursive: true });
    await scoreLake({ lake, plan: bookingFeatures, now: clock('2026-05-02') });
    const batch = await rowsOf(lake, ask);
    expect(streamed.length).toBeGreaterThan(1000);
    expect(streamed.filter(([, , , flags]) => String(flags).includes('unseen:booking_origin')).length).toBeGreaterThan(
      100,
    );
    expect(streamed.every(([, p]) => Number(p) > 0 && Number(p) < 1)).toBe(true);
    expect(batch).toEqual(streamed);
  },
  MANY,
);

describe('a champion', () => {
  const lake = join(folder, 'judged');
  const score = (day: string) => scoreLake({ lake, plan: bookingFeatures, now: clock(day) });
  const alarmsInLake = (day: string) =>
    rowsOf(lake, `select name from drift_by_day where is_alarm and scored_date = date '${day}' order by 1`);

  test(
    'rings for no stream that is like what it was trained on',
    async () => {
      await publishJudged(lake, TRAINED, 4000);
      const scoring = await stream(lake, '2026-05-02', named(bookingRows(2500, 11), 'like'));
      expect(scoring).toEqual({ scored: 2500, unscored: 0 });
      const { alarms, judged, scored } = await score('2026-05-02');
      expect([alarms, judged, scored]).toEqual([[], 2500, 0]);
      expect(await alarmsInLake('2026-05-02')).toEqual([]);
    },
    MANY,
  );

  test(
    'rings for a stream that has shifted, and says which feature',
    async () => {
      const shifted = bookingRows(2500, 12).map((row) => ({
        ...row,
        purchase_lead: Math.min(1000, Number(row.purchase_lead) * 2 + 60),
      }));
      await stream(lake, '2026-05-03', named(shifted, 'shifted'));
      const { alarms } = await score('2026-05-03');
      expect(alarms.join('\n')).toMatch(
        /2026-05-03: purchase_lead has shifted, PSI \d+\.\d+, at most 0\.25 is expected/,
      );
      expect((await alarmsInLake('2026-05-03')).flat()).toContain('purchase_lead');
      expect(await alarmsInLake('2026-05-02')).toEqual([]);
    },
    MANY,
  );

  test(
    'rings where the outcomes are no longer those that it foretells, though nothing else has shifted',
    async () => {
      const turned = bookingRows(2500, 13).map((row, at) => ({ ...row, [TARGET]: at % 2 === 0 }));
      await stream(lake, '2026-05-04', named(turned, 'turned'));
      const { alarms } = await score('2026-05-04');
      expect(alarms).toContainEqual(expect.stringMatching(/2026-05-04: log loss is .*: moved by \d+ %, at most 15 %/));
      expect(alarms.join()).not.toContain('has shifted');
    },
    MANY,
  );

  test(
    'is judged by an outcome that arrives later, on the day of the score',
    async () => {
      const open = bookingRows(1200, 14).map((row) => ({ ...row, [TARGET]: false }));
      await stream(lake, '2026-05-05', named(open, 'later'));
      await score('2026-05-05');
      const ask = `select bookings, completed from model_quality_by_day where scored_date = date '2026-05-05' and basis = 'outcomes'`;
      expect(await rowsOf(lake, ask)).toEqual([[1200n, 0n]]);
      await stream(
        lake,
        '2026-05-09',
        named(
          open.slice(0, 300).map((row) => ({ ...row, [TARGET]: true })),
          'later',
        ),
      );
      await score('2026-05-09');
      expect(await rowsOf(lake, ask)).toEqual([[1200n, 300n]]);
      expect(await rowsOf(lake, "select sum(bookings) from calibration_by_decile where basis = 'outcomes'")).toEqual([
        [2500n * 3n + 1200n],
      ]);
    },
    MANY,
  );

  test(
    'is kept by a run that finds no more than a tenth of new bookings, and scores what is new',
    async () => {
      const said: string[] = [];
      const say = (text: string) => said.push(text);
      const near = join(folder, 'near');
      await publishJudged(near, TRAINED, 1200);
      await streamRows({
        lake: near,
        dataset: plan,
        rows: named(bookingRows(1250, 15), 'n'),
        now: clock('2026-05-02'),
      });
      await curateLake({ lake: near, dataset: plan, now: clock('2026-05-02') });
      const learn = () =>
        learnFromLake({ lake: near, plan: bookingFeatures, train: true, now: clock('2026-05-02'), say });
      expect(await learn()).toMatchObject({ version: JUDGED, isNew: false, scored: 1250, notes: [] });
      expect(await learn()).toMatchObject({ version: JUDGED, isNew: false, scored: 0, notes: [] });
      expect(said).toEqual([]);
    },
    MANY,
  );
});

test('a run with too few bookings to learn from says so in one sentence and goes on', async () => {
  const lake = join(folder, 'few');
  await streamRows({ lake, dataset: plan, rows: named(bookingRows(20, 1), 'f'), now: clock('2026-05-02') });
  await curateLake({ lake, dataset: plan, now: clock('2026-05-02') });
  const input = { lake, plan: bookingFeatures, train: true, now: clock('2026-05-02'), say: () => {} };
  expect(await learnFromLake(input)).toMatchObject({
    version: undefined,
    notes: ['not trained: found 20 rows to train on, expected at least 1000: take more files in first'],
  });
});

describe('rows pass, unscored and counted,', () => {
  test.each([
    ['where no model is published', undefined, /^NoModel: no model of bookings is published$/],
    [
      'where the model has another schema',
      { schema: 'laketwin-model/9' as never },
      /^ForeignModel: .*laketwin-model\/9/,
    ],
    ['where the model is of another contract', { contract: 'f00d' }, /^ForeignModel: .*contract fingerprint f00d/],
    ['where the model has no trees', { xgboost: '{}' }, /^DamagedModel: /],
  ])('%s', async (name, changes, fault) => {
    const lake = join(folder, name.replaceAll(' ', '-'));
    if (changes !== undefined) await publishJudged(lake, TRAINED, 1000, changes);
    expect(await once(lake)).toEqual({ ok: 5, scored: 0, unscored: 5, fault: expect.stringMatching(fault) });
  });

  test('where the model file was changed after its publication', async () => {
    const lake = join(folder, 'changed');
    const file = join(await publishJudged(lake, TRAINED, 1000), `${TARGET}.json`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"rate":', '"rate" :'));
    expect(await once(lake)).toEqual({
      ok: 5,
      scored: 0,
      unscored: 5,
      fault: expect.stringMatching(/^DamagedModel: the file booking_complete\.json of .* is damaged/),
    });
  });

  test('where the scores cannot be written, and are scored again with the next batch', async () => {
    const lake = join(folder, 'unwritten');
    await publishJudged(lake, TRAINED, 1000);
    let fails = true;
    const send = await sender(lake, (store) =>
      Object.assign(Object.create(store), {
        put: (...args: Parameters<ObjectStore['put']>) =>
          fails && args[0] === 'curated' ? Promise.reject(new Error('503 slow down')) : store.put(...args),
      }),
    );
    expect(await send()).toEqual({ ok: 5, scored: 0, unscored: 5, fault: 'Error: 503 slow down' });
    fails = false;
    expect(await send()).toEqual({ ok: 5, scored: 5, unscored: 0 });
    expect(await send()).toEqual({ ok: 5, scored: 5, unscored: 0 });
    expect(await rowsOf(lake, 'select count(*) from booking_scores')).toEqual([[5n]]);
  });
});

/** Sends the same batch of five bookings through a transform that scores, each time a day later. */
async function sender(lake: string, change = (store: ObjectStore) => store) {
  const opened = await openFileStore(lake);
  const store = change(opened);
  const arrived = clock('2026-05-02')();
  let sent = 0;
  const reports: TransformReport[] = [];
  const handler = transformEvents({
    plan,
    store,
    loadPseudonymKey: async () => pseudonymKey(1, Buffer.alloc(32, 7)),
    loadScorer: async () =>
      batchScorer({ plan: bookingFeatures, store, readRegistry: registryReader(lake, bookingFeatures) }),
    now: () => new Date(arrived.getTime() + sent * 86_400_000),
    report: (done) => reports.push(done),
  });
  const data = Buffer.from(named(bookingRows(5, 1), 'b').join('\n')).toString('base64');
  const event: FirehoseEvent = {
    records: [{ recordId: 'id-0', data, approximateArrivalTimestamp: arrived.getTime() }],
  };
  return async () => {
    const { records } = await handler(event);
    sent++;
    const { scored, unscored, fault } = reports.at(-1) ?? {};
    const text = records[0]?.result === 'Ok' ? Buffer.from(records[0].data, 'base64').toString() : '';
    return { ok: text.trimEnd().split('\n').length, scored, unscored, ...(fault && { fault }) };
  };
}

async function once(lake: string) {
  return (await sender(lake))();
}

async function stream(lake: string, day: string, rows: readonly string[]) {
  const now = clock(day);
  const { scoring } = await streamRows({ lake, dataset: plan, rows, scoreWith: bookingFeatures, now });
  await curateLake({ lake, dataset: plan, now });
  return scoring;
}

function named(rows: readonly FeatureRow[], prefix: string): string[] {
  return rows.map((row, at) => JSON.stringify({ ...row, booking_id: `${prefix}-${at}` }));
}

function clock(day: string): () => Date {
  return () => new Date(`${day}T12:00:00.000Z`);
}

async function rowsOf(lake: string, sql: string) {
  const engine = await openEngine(await openFileStore(lake), [plan], { estimatesScans: false });
  try {
    return (await engine.query(sql)).rows;
  } finally {
    await engine.close();
  }
}
