import type { OnProgress } from '../core/ports.ts';
import type { StageName, StageTime } from './run-summary.ts';
import type { Progress } from './terminal/progress.ts';

/** Times the stages of a run, a stage of several objects as one, and shows how far each is. */
export class StageClock {
  readonly #progress: Progress | undefined;
  readonly #times = new Map<StageName, { seconds: number; rows: number }>();

  constructor(progress: Progress | undefined) {
    this.#progress = progress;
  }

  /** Does the work of a stage for one object; the work says how many rows it was. */
  async time<T>(
    name: StageName,
    object: string,
    work: (onProgress: OnProgress) => Promise<{ readonly value: T; readonly rows: number }>,
  ): Promise<T> {
    const started = performance.now();
    let isShown = false;
    const { value, rows } = await work(({ bytes, totalBytes, rows }) => {
      if (!isShown) this.#progress?.start(name, totalBytes);
      isShown = true;
      this.#progress?.update(bytes, rows);
    });
    const seconds = (performance.now() - started) / 1000;
    const before = this.#times.get(name) ?? { seconds: 0, rows: 0 };
    this.#times.set(name, { seconds: before.seconds + seconds, rows: before.rows + rows });
    this.#progress?.end(sentence(name, object, seconds, rows));
    return value;
  }

  stages(): StageTime[] {
    return [...this.#times].map(([name, { seconds, rows }]) => ({
      name,
      seconds,
      rows,
      rowsPerSecond: seconds > 0 ? Math.round(rows / seconds) : 0,
    }));
  }
}

function sentence(name: StageName, object: string, seconds: number, rows: number): string {
  const count = rows > 0 ? `${rows.toLocaleString('en')} rows, ` : '';
  return `${name.padEnd(8)} ${object}: ${count}${seconds.toFixed(2)} s`;
}
