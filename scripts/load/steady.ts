import type { FirehoseEvent } from '../../core/etl/envelope.ts';
import type { TransformHandler } from '../../lambdas/transform/transform-events.ts';
import { invokeTransform } from '../../local/invoke-transform.ts';
import { pace } from '../../local/pace.ts';
import { packRecords, type StreamRow } from '../../local/pack-records.ts';

export interface SteadyInput {
  readonly transform: TransformHandler;
  readonly rows: Iterable<StreamRow>;
  /** Rows a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Time between two samples of memory [s]. */
  readonly sampleSeconds: number;
  /** Length of a period that is summed up [s]; the last one may be shorter, and ends with the last call. */
  readonly periodSeconds: number;
  readonly onPeriod?: (period: Period) => void;
}

/** What a part of the time was like. */
export interface Period {
  /** From the start to its end [s]. */
  readonly untilSeconds: number;
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** CPU time of the calls, by wall time: 1 is one core. */
  readonly callShare: number;
  /** CPU time of the whole process, sender and measurement included, by wall time. */
  readonly processShare: number;
  /** Wall time of a call [ms]. */
  readonly p50: number;
  readonly p99: number;
  readonly memory: MemorySample;
}

/** Memory right after garbage was collected [bytes]. */
export interface MemorySample {
  /** Rows that were sent until then. */
  readonly rows: number;
  readonly seconds: number;
  /** The heap of JavaScript with what its buffers hold outside. */
  readonly heap: number;
  /** What the system gives the process. */
  readonly rss: number;
}

export interface Steady {
  readonly periods: readonly Period[];
  readonly samples: readonly MemorySample[];
  readonly rows: number;
  readonly calls: number;
  readonly seconds: number;
  /** Time of each call [ms]. */
  readonly callMs: readonly number[];
  /** CPU time of all calls [s]. */
  readonly callCpuSeconds: number;
}

/** Calls a transform with rows at an even rate, as Firehose does, and watches what it costs. Needs `--expose-gc`. */
export async function runSteady(input: SteadyInput): Promise<Steady> {
  const { transform, rate, seconds, sampleSeconds, periodSeconds } = input;
  const meter = new Meter(performance.now());
  const now = () => new Date();
  const endPeriod = () => {
    const period = meter.endPeriod();
    input.onPeriod?.(period);
  };
  let calls = 0;
  let nextSample = sampleSeconds;
  let nextPeriod = periodSeconds;
  const batches = packRecords(pace(input.rows, { rate, seconds }), { streamId: 'load', now, batchSeconds: 1 });
  for await (const { records, rows } of batches) {
    calls += 1;
    const event: FirehoseEvent = { invocationId: `load-${calls}`, deliveryStreamArn: 'load', region: 'local', records };
    await meter.time(rows, () => invokeTransform(transform, event));
    const elapsed = meter.seconds();
    if (elapsed >= nextSample) {
      meter.sample();
      while (nextSample <= elapsed) nextSample += sampleSeconds;
    }
    if (elapsed >= nextPeriod && nextPeriod < seconds) {
      endPeriod();
      while (nextPeriod <= elapsed) nextPeriod += periodSeconds;
    }
    // What the machine was too slow for does not make the time longer.
    if (elapsed > seconds + 1) break;
  }
  if (meter.hasOpenCalls()) endPeriod();
  return meter.result();
}

class Meter {
  readonly #started: number;
  readonly #periods: Period[] = [];
  readonly #samples: MemorySample[] = [];
  readonly #callMs: number[] = [];
  #rows = 0;
  #callCpu = 0;
  #open: { atMs: number; rows: number; calls: number; callCpu: number; cpu: number };

  constructor(started: number) {
    this.#started = started;
    this.#open = { atMs: started, rows: 0, calls: 0, callCpu: 0, cpu: cpuSeconds() };
  }

  seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  async time(rows: number, call: () => Promise<unknown>): Promise<void> {
    const started = performance.now();
    const cpu = cpuSeconds();
    await call();
    this.#callMs.push(performance.now() - started);
    this.#callCpu += cpuSeconds() - cpu;
    this.#rows += rows;
  }

  sample(): MemorySample {
    if (globalThis.gc === undefined) throw new Error('garbage cannot be collected: start Node with --expose-gc');
    globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    const sample = { rows: this.#rows, seconds: this.seconds(), heap: heapUsed + external, rss };
    this.#samples.push(sample);
    return sample;
  }

  hasOpenCalls(): boolean {
    return this.#callMs.length > this.#open.calls;
  }

  endPeriod(): Period {
    const nowMs = performance.now();
    const { atMs, rows: before, calls, callCpu, cpu } = this.#open;
    const wall = (nowMs - atMs) / 1000;
    const times = this.#callMs.slice(calls);
    const period = {
      untilSeconds: (nowMs - this.#started) / 1000,
      rows: this.#rows - before,
      rowsPerSecond: (this.#rows - before) / wall,
      callShare: (this.#callCpu - callCpu) / wall,
      processShare: (cpuSeconds() - cpu) / wall,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      memory: this.#samples.at(-1) ?? this.sample(),
    };
    this.#periods.push(period);
    this.#open = {
      atMs: nowMs,
      rows: this.#rows,
      calls: this.#callMs.length,
      callCpu: this.#callCpu,
      cpu: cpuSeconds(),
    };
    return period;
  }

  result(): Steady {
    return {
      periods: this.#periods,
      samples: this.#samples,
      rows: this.#rows,
      calls: this.#callMs.length,
      seconds: this.seconds(),
      callMs: this.#callMs,
      callCpuSeconds: this.#callCpu,
    };
  }
}

/** The smallest value that is not below this share of the values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
