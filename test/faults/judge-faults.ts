import type { Fault, Verdict } from './fault.ts';

/** A test that vitest ran. */
export interface RunTest {
  readonly file: string;
  /** Names of its groups and its own, with a space between. */
  readonly name: string;
  readonly isPassed: boolean;
  /** As the test counted them. */
  readonly injections?: number;
}

export interface JudgedFault {
  readonly fault: Fault;
  readonly verdict: Verdict;
  /** How often it was injected; 0 where it does not apply. */
  readonly injections: number;
  /** Why it failed. */
  readonly reasons: readonly string[];
}

/** What the tests that ran say of a fault: it is survived where every proof has tests and all of them passed. */
export function judge(fault: Fault, tests: readonly RunTest[]): JudgedFault {
  const reasons: string[] = [];
  const counted = new Map<RunTest, number>();
  for (const proof of fault.proofs) {
    const own = tests.filter((test) => test.file === proof.file && test.name.includes(proof.test));
    if (own.length === 0) reasons.push(`no test of ${proof.file} is named '${proof.test}'`);
    for (const test of own) {
      if (!test.isPassed) reasons.push(`${test.file}: '${test.name}' did not pass`);
      counted.set(test, test.injections ?? proof.each ?? 1);
    }
  }
  const sum = [...counted.values()].reduce((total, times) => total + times, 0);
  const verdict = reasons.length > 0 ? 'failed' : fault.absent === undefined ? 'survived' : 'does not apply';
  return { fault, verdict, injections: fault.absent === undefined ? sum : 0, reasons };
}
