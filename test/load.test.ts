import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FirehoseEvent } from '../core/etl/envelope.ts';
import { growthOf } from '../scripts/load/growth.ts';
import { leastSquares } from '../scripts/load/least-squares.ts';
import { loadOptions } from '../scripts/load/load-options.ts';
import { quantile, runSteady } from '../scripts/load/steady.ts';
import { seeded } from './faults/booking-files.ts';

beforeAll(() => {
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc');
});

describe('the line through memory', () => {
  test('has the slope and the standard error of the textbook', () => {
    // Five points of a line of slope 2 with residuals 1, -1, 0, -1, 1, which are orthogonal to it: s² = 4 / 3, Sxx = 10.
    const line = leastSquares([1, 1, 4, 5, 9].map((y, x) => ({ x, y })));
    expect(line.slope).toBeCloseTo(2);
    expect(line.slopeError).toBeCloseTo(Math.sqrt(4 / 3 / 10));
    expect(line.at(2)).toBeCloseTo(4);
  });

  test('is called no growth where memory goes up and down, and growth where a row leaves two bytes behind', () => {
    const ofTenMinutes = (bytesARow: number) => {
      const random = seeded(5);
      return Array.from({ length: 300 }, (_, at) => ({
        rows: at * 10_000,
        seconds: at * 2,
        heap: 24e6 + bytesARow * at * 10_000 + 2e6 * random(),
        rss: 150e6,
      }));
    };
    expect(growthOf(ofTenMinutes(0), 'heap').verdict).toBe('no growth');
    const few = [20, 20, 24, 20, 24].map((heap, at) => ({
      rows: at * 10_000,
      seconds: at * 2,
      heap: heap * 1e6,
      rss: 0,
    }));
    expect(growthOf(few, 'heap').verdict).toBe('too short to tell');
    const leak = growthOf(ofTenMinutes(2), 'heap');
    expect(leak.verdict).toBe('grows');
    expect(Math.abs(leak.bytesARow - 2)).toBeLessThan(leak.uncertainty);
    expect(leak.megabytesAnHour).toBeCloseTo(leak.bytesARow * 18, 6);
  });
});

test('a transform that keeps what it was sent is seen to grow, and every row is counted', async () => {
  const kept: FirehoseEvent[] = [];
  const text = `{"text":"${'x'.repeat(4000)}"}`;
  const steady = await runSteady({
    transform: async (event) => {
      kept.push(event);
      return { records: event.records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok' })) };
    },
    rows: (function* () {
      for (;;) yield text;
    })(),
    rate: 4000,
    seconds: 3,
    sampleSeconds: 0.2,
    periodSeconds: 1,
  });
  const linesOf = (data: string) => Buffer.from(data, 'base64').toString().split('\n').length - 1;
  const sent = kept.flatMap(({ records }) => records.map(({ data }) => linesOf(data)));
  expect(steady.rows).toBeGreaterThan(1000);
  expect(steady.rows).toBe(sent.reduce((sum, rows) => sum + rows, 0));
  expect(steady.rows).toBe(steady.periods.reduce((sum, { rows }) => sum + rows, 0));
  expect(kept).toHaveLength(steady.calls);
  expect(growthOf(steady.samples, 'heap').verdict).toBe('grows');
});

test('a quantile is a value that was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile([7], 0.99)]).toEqual([50, 99, 7]);
});

test('fails with a sentence for an option that makes no sense', () => {
  expect(() => loadOptions(['--seconds', 'soon'])).toThrow("--seconds has 'soon', expected a whole number above 0");
  expect(() => loadOptions(['--rows', '10,-1'])).toThrow("--rows has '-1'");
  expect(loadOptions(['volume', '--rows', '30,10']).rows).toEqual([10, 30]);
});
