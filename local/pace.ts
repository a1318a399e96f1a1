import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  /** Items a second; without it, as fast as they are taken. */
  readonly rate?: number;
  /** When to stop [s]; without it, when the items end. */
  readonly seconds?: number;
}

/** Shortest sleep [ms]: items that are due earlier go with the next. */
const LEAST_SLEEP_MS = 10;

/** Lets items pass at an even rate for a time. Items that the taker was too slow for follow as fast as they can. */
export async function* pace<T>(items: AsyncIterable<T> | Iterable<T>, { rate, seconds }: Pace): AsyncGenerator<T> {
  const started = performance.now();
  const most = rate !== undefined && seconds !== undefined ? Math.max(1, Math.round(rate * seconds)) : Infinity;
  let passed = 0;
  for await (const item of items) {
    const elapsed = performance.now() - started;
    if (seconds !== undefined && rate === undefined && elapsed >= seconds * 1000) return;
    if (rate !== undefined) {
      const wait = (passed / rate) * 1000 - elapsed;
      if (wait >= LEAST_SLEEP_MS) await sleep(wait);
    }
    yield item;
    if (++passed >= most) return;
  }
}
