/** Everything that looks over the synthesised templates before they are deployed. */
import type { AssemblyStack } from '../assembly.ts';
import type { Check, Finding } from '../finding.ts';
import { ownRules } from './own-rules/own-rules.ts';

export const checks: readonly Check[] = [ownRules];

/** What one check came to. */
export interface CheckResult {
  readonly check: string;
  readonly findings: readonly Finding[];
  /** Why the check could not run: then it has proven nothing, and the gate fails. */
  readonly failure?: string;
  readonly seconds: number;
}

/** Runs all checks at once: what takes long in them are other processes. */
export function runChecks(stacks: readonly AssemblyStack[], all: readonly Check[] = checks): Promise<CheckResult[]> {
  return Promise.all(all.map((check) => runCheck(stacks, check)));
}

async function runCheck(stacks: readonly AssemblyStack[], check: Check): Promise<CheckResult> {
  const started = performance.now();
  const outcome = await Promise.resolve()
    .then(() => check.run(stacks))
    .then(
      (findings) => ({ findings }),
      (error: unknown) => ({ findings: [], failure: error instanceof Error ? error.message : `${error}` }),
    );
  return { check: check.name, ...outcome, seconds: (performance.now() - started) / 1000 };
}
