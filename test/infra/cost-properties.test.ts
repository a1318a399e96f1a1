/** What holds of every bill, whatever the volumes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AssemblyStack, readAssembly } from '../../proof/assembly.ts';
import { estimate } from '../../proof/cost/estimate.ts';
import { pricedRegions, pricesFor } from '../../proof/cost/prices.ts';
import { DEFAULT_VOLUMES, parseVolumes, readJson, readVolumes, type Volumes } from '../../proof/cost/volumes.ts';
import { bucket, lakeOf, PRICES, resource, STREAM } from './cost-lake.ts';

const queue = { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] };
const LAKE: AssemblyStack[] = lakeOf({
  Key: resource('AWS::KMS::Key', { EnableKeyRotation: true, RotationPeriodInDays: 90 }),
  Raw: bucket(true, {
    NotificationConfiguration: queue,
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 90 }] },
  }),
  Processed: bucket(false),
  Curated: bucket(true),
  Rejected: bucket(true),
  QueryResults: bucket(true),
  Queue: resource('AWS::SQS::Queue', { KmsMasterKeyId: 'key' }),
  Convert: resource('AWS::Lambda::Function', { MemorySize: 3008, EphemeralStorage: { Size: 8192 } }),
  Mapping: resource('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    FunctionName: { Ref: 'Convert' },
  }),
  Logs: resource('AWS::Logs::LogGroup', { RetentionInDays: 14 }),
  Stream: STREAM,
  Crawler: resource('AWS::Glue::Crawler', { Schedule: { ScheduleExpression: 'cron(0 3 * * ? *)' } }),
  Job: resource('AWS::Glue::Job', { WorkerType: 'G.1X', NumberOfWorkers: 5 }),
  Group: resource('AWS::Athena::WorkGroup', { Name: 'analysts-dashboards-pipelines' }),
  Dashboard: resource('AWS::QuickSight::Dashboard'),
});

const volumes: fc.Arbitrary<Volumes> = fc
  .record({
    rowsPerDay: fc.nat(50_000_000),
    bytesPerRow: fc.integer({ min: 1, max: 20_000 }),
    streamShare: fc.constantFrom(0, 0.3, 1),
    rowsPerRecord: fc.integer({ min: 1, max: 100 }),
    filesPerDay: fc.nat(20_000),
    ageMonths: fc.integer({ min: 1, max: 60 }),
    freeTier: fc.constantFrom('always' as const, 'first-year' as const, 'none' as const),
  })
  .map((some) => ({ ...readVolumes(DEFAULT_VOLUMES), ...some }));

const totalOf = (some: Volumes) => estimate(LAKE, some, PRICES).totalUSD;

describe.each<[string, (some: Volumes, more: number) => Volumes]>([
  ['more rows', (some, more) => ({ ...some, rowsPerDay: some.rowsPerDay + more })],
  ['larger rows', (some, more) => ({ ...some, bytesPerRow: some.bytesPerRow + more })],
  ['an older lake', (some, more) => ({ ...some, ageMonths: some.ageMonths + (more % 40) })],
  ['longer crawls', (some, more) => ({ ...some, crawlerMinutes: some.crawlerMinutes + more })],
  ['no free tier', (some) => ({ ...some, freeTier: 'none' })],
  ['another reader', (some) => ({ ...some, people: { ...some.people, readers: some.people.readers + 1 } })],
])('%s', (_, grown) => {
  test('never costs less', () => {
    fc.assert(
      fc.property(volumes, fc.integer({ min: 1, max: 1_000_000 }), (some, more) => {
        expect(totalOf(grown(some, more))).toBeGreaterThanOrEqual(totalOf(some) - 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});

test('the same bytes in more files never cost less, where no file is so large that it is sent in parts', () => {
  fc.assert(
    fc.property(volumes, fc.integer({ min: 1, max: 100_000 }), (some, more) => {
      const whole = Math.ceil((some.rowsPerDay * some.bytesPerRow) / 2 ** 23);
      const few = { ...some, filesPerDay: Math.max(some.filesPerDay, whole) };
      const many = { ...few, filesPerDay: few.filesPerDay + more };
      expect(totalOf(many)).toBeGreaterThanOrEqual(totalOf(few) - 1e-9);
    }),
    { numRuns: 100 },
  );
});

test('every line is its quantity times its price but for free tiers, never below 0, and the lines add up', () => {
  fc.assert(
    fc.property(volumes, (some) => {
      const { lines, totalUSD, subtotals } = estimate(LAKE, { ...some, freeTier: 'none' }, PRICES);
      for (const line of lines) {
        expect(line.quantity).toBeGreaterThanOrEqual(0);
        expect(line.monthlyUSD).toBeCloseTo(line.quantity * line.unitPriceUSD, 9);
        expect(line.formula).not.toBe('');
      }
      expect(subtotals.reduce((sum, { monthlyUSD }) => sum + monthlyUSD, 0)).toBeCloseTo(totalUSD, 6);
    }),
    { numRuns: 50 },
  );
});

test('packing rows never costs more than a record a row', () => {
  fc.assert(
    fc.property(volumes, (some) => {
      expect(totalOf({ ...some, streamShare: 1 })).toBeLessThanOrEqual(
        totalOf({ ...some, streamShare: 1, rowsPerRecord: 1 }) + 1e-9,
      );
    }),
    { numRuns: 100 },
  );
});

test('every price of one region is there in the others, dated, with its source, and confirmed ones say by what', () => {
  const { prices } = readJson(new URL('../../proof/cost/prices.json', import.meta.url)) as {
    prices: { id: string; region: string; confirmed: boolean; confirmedBy?: string; source: string; date: string }[];
  };
  for (const { id, confirmed, confirmedBy } of prices) {
    expect(confirmed).toBe(confirmedBy !== undefined);
    for (const region of pricedRegions) expect(pricesFor(region).of(id).usd).toBeGreaterThan(0);
  }
});

test('fails on a region without prices, and names those with', () => {
  expect(() => pricesFor('eu-north-9')).toThrow(
    "no prices for region 'eu-north-9', expected one of eu-west-3, us-east-1",
  );
});

test.each<[string, (good: Record<string, unknown>) => unknown, RegExp]>([
  ['rows below 0', (good) => ({ ...good, rowsPerDay: -1 }), /rowsPerDay is -1, expected at least 0/],
  ['half a row', (good) => ({ ...good, rowsPerDay: 1.5 }), /rowsPerDay is 1\.5, expected a whole number/],
  ['a share of two', (good) => ({ ...good, streamShare: 2 }), /streamShare is 2, expected at most 1/],
  ['a text', (good) => ({ ...good, crawlerMinutes: 'two' }), /crawlerMinutes is "two", expected a number/],
  [
    'another free tier',
    (good) => ({ ...good, freeTier: 'ever' }),
    /freeTier is "ever", expected one of always, first-year, none/,
  ],
  ['an unknown key', (good) => ({ ...good, rows: 1 }), /unknown key rows/],
  ['a missing group', ({ people: _, ...good }) => good, /people is missing, expected a group of values/],
  ['no object', () => 7, /the whole file is 7/],
])('fails on volumes with %s, in a sentence with the key and the value', (_, broken, sentence) => {
  const good = readJson(DEFAULT_VOLUMES) as Record<string, unknown>;
  expect(() => parseVolumes(broken(good), 'mine.json')).toThrow(sentence);
});

test('fails on a folder that holds no assembly', () => {
  expect(() => readAssembly('no-such-folder')).toThrow('holds no cloud assembly');
});
