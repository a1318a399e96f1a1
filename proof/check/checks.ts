/** Everything that looks over the synthesised templates before they are deployed. */
import { access } from '../access/check.ts';
import type { AssemblyStack } from '../assembly.ts';
import type { Check, Finding } from '../finding.ts';
import { ownRules } from './own-rules/own-rules.ts';
import { payloads } from './payloads/payloads.ts';
import { cdkNag } from './scanners/cdk-nag.ts';
import { cdkValidation } from './scanners/cdk-validation.ts';
import { cfnLint } from './scanners/cfn-lint.ts';
import { checkov } from './scanners/checkov.ts';
import { controlTower } from './scanners/control-tower.ts';
import { states } from './states/states.ts';

export const checks: readonly Check[] = [
  cfnLint,
  checkov,
  controlTower,
  cdkValidation,
  cdkNag,
  ownRules,
  states,
  payloads,
  access,
];

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
