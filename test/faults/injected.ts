import type { TestContext } from 'vitest';

/** How many moments a crash is injected at, at least; `npm run test:faults -- --points N` asks for more. */
export const POINTS = Number(process.env.LAKETWIN_FAULT_POINTS ?? 20);

declare module 'vitest' {
  interface TaskMeta {
    /** How often the test injected its fault; a test that does not say injected it once. */
    injections?: number;
  }
}

/** Adds to the count of the table of faults. */
export function injected({ task }: Pick<TestContext, 'task'>, times = 1): void {
  task.meta.injections = (task.meta.injections ?? 0) + times;
}
