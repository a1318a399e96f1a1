/**
 * The transform under a steady rate of rows, one in a hundred of which it has to refuse and to keep: what it costs, and
 * whether its memory grows. `transform.ts --seconds N --rate R`, with `--expose-gc`; prints a `LoadReport` as JSON.
 */
import { Buffer } from 'node:buffer';
import { pseudonymKey } from '../../core/etl/pseudonym.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { transformEvents } from '../../lambdas/transform/transform-events.ts';
import { openFileStore } from '../../local/file-store.ts';
import { generateRows } from '../../local/generate-file.ts';
import type { Figure } from '../bench/figure.ts';
import { type Growth, growthOf, MOST_GROWTH } from './growth.ts';
import { inScratch } from './in-scratch.ts';
import { loadOptions } from './load-options.ts';
import type { LoadReport } from './load-report.ts';
import { type Period, quantile, runSteady, type Steady } from './steady.ts';

const BROKEN_EVERY = 100;
const SAMPLE_SECONDS = 2;

const { seconds, rate } = loadOptions();
const plan = datasetNamed('bookings');
const now = () => new Date();
await inScratch(async (scratch) => {
  let rejected = 0;
  const store = await openFileStore(scratch);
  const transform = transformEvents({
    plan,
    store,
    loadPseudonymKey: async () => pseudonymKey(1, Buffer.alloc(32, 7)),
    now,
    report: ({ aside }) => {
      rejected += aside?.rejected ?? 0;
    },
  });
  const steady = await runSteady({
    transform,
    rows: sentRows(),
    rate,
    seconds,
    sampleSeconds: SAMPLE_SECONDS,
    periodSeconds: 60,
    onPeriod: (period) => console.error(periodLine(period)),
  });
  if (rejected === 0) throw new Error('no row was refused, though one in a hundred was broken');
  console.log(JSON.stringify(reportOf(steady, rejected)));
});

function* sentRows(): Generator<string> {
  let sent = 0;
  for (const row of generateRows({ dataset: plan, seed: 1, now })) {
    sent += 1;
    yield JSON.stringify(sent % BROKEN_EVERY === 0 ? { ...row, num_passengers: 99 } : row);
  }
}

function periodLine({ untilSeconds, rowsPerSecond, callShare, p99, memory }: Period): string {
  return `  ${untilSeconds.toFixed(0)} s: ${rowsPerSecond.toFixed(0)} rows/s, ${(callShare * 100).toFixed(1)} % of a core, p99 ${p99.toFixed(0)} ms, heap ${megabytes(memory.heap)}, RSS ${megabytes(memory.rss)}`;
}

function reportOf(steady: Steady, rejected: number): LoadReport {
  const { periods, samples, rows, calls, callMs, callCpuSeconds } = steady;
  const count = (value: number) => Math.round(value).toLocaleString('en');
  return {
    tables: [
      {
        head: ['until s', 'rows/s', 'calls % of a core', 'process %', 'p50 ms', 'p99 ms', 'heap MB', 'RSS MB'],
        rows: periods.map((it) => [
          Math.round(it.untilSeconds),
          Math.round(it.rowsPerSecond),
          round(it.callShare * 100),
          round(it.processShare * 100),
          round(it.p50),
          round(it.p99),
          round(it.memory.heap / 1e6),
          round(it.memory.rss / 1e6),
        ]),
      },
    ],
    figures: [
      {
        name: `transform: rate held for ${seconds} s`,
        measured: rows / Math.max(seconds, steady.seconds),
        unit: 'rows/s',
        target: { atLeast: rate * 0.99 },
        detail: `${count(rows)} rows in ${count(calls)} calls, ${count(rejected)} of them refused and kept`,
      },
      {
        name: 'transform: CPU of its calls',
        measured: callCpuSeconds / steady.seconds,
        unit: 'of a core',
        target: { atMost: 1 },
        detail: `${((callCpuSeconds / rows) * 1e6).toFixed(1)} µs a row; a call p50 ${quantile(callMs, 0.5).toFixed(0)} ms, p99 ${quantile(callMs, 0.99).toFixed(0)} ms`,
      },
      ...(['heap', 'rss'] as const).map((what) => growthFigure(what, growthOf(samples, what))),
    ],
  };
}

function growthFigure(what: 'heap' | 'rss', growth: Growth): Figure {
  const { from, to, bytesARow, uncertainty, megabytesAnHour, ratio, samples, verdict } = growth;
  return {
    name: `transform: ${what === 'heap' ? 'heap' : 'RSS'} at the end by the start`,
    measured: ratio,
    unit: '×',
    target: { atMost: MOST_GROWTH },
    detail: `${verdict}: ${megabytes(from)} to ${megabytes(to)}, ${bytesARow.toFixed(2)} ± ${uncertainty.toFixed(2)} bytes a row, ${megabytesAnHour.toFixed(1)} MB an hour; least-squares line over ${samples} samples, each after gc, the first quarter of the time left out; two standard errors are added to its slope`,
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
