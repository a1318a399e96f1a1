/** How many of the seeded defects each check reports: the figure that the README publishes. */
import type { AssemblyStack } from '../assembly.ts';
import type { Check } from '../finding.ts';
import { seed } from './defect.ts';
import { DEFECTS } from './defects.ts';
import { type Outcome, reportsByTheBatch, reportsOneByOne } from './seeded-run.ts';

/** Checks that look at one template at a time, in programs that take long to start. */
const SCANNERS = ['cfn-lint', 'checkov', 'control-tower', 'cdk', 'cdk-nag'];

export interface SeededReport {
  readonly seeded: number;
  readonly reported: number;
  readonly checks: readonly CheckScore[];
  readonly defects: readonly DefectScore[];
}

export interface CheckScore {
  readonly check: string;
  readonly reported: number;
  /** Defects that no other check reports. */
  readonly alone: number;
}

export interface DefectScore {
  readonly defect: string;
  readonly weakens: string;
  readonly place: string;
  /** Rules that report it. */
  readonly reportedBy: readonly string[];
}

/** Seeds each defect at the first of its places, and asks every check about it. */
export async function seededReport(
  stacks: readonly AssemblyStack[],
  checks: readonly Check[],
  onCheck: (check: string, seconds: number) => void = () => {},
): Promise<SeededReport> {
  const seeds = DEFECTS.flatMap((defect) => seed(defect, stacks).slice(0, 1));
  const byCheck = new Map<string, readonly Outcome[]>();
  for (const check of checks) {
    const started = performance.now();
    const run = SCANNERS.includes(check.name) ? reportsByTheBatch : reportsOneByOne;
    byCheck.set(check.name, await run(seeds, stacks, check));
    onCheck(check.name, (performance.now() - started) / 1000);
  }
  const defects = seeds.map(({ defect, stack, resource }, index) => ({
    defect: defect.id,
    weakens: defect.weakens,
    place: `${stack}#${resource}`,
    reportedBy: [...byCheck.values()].flatMap((outcomes) => outcomes[index]?.reportedBy ?? []),
  }));
  return {
    seeded: defects.length,
    reported: defects.filter(({ reportedBy }) => reportedBy.length > 0).length,
    checks: checks.map(({ name }) => scoreOf(name, defects)),
    defects,
  };
}

function scoreOf(check: string, defects: readonly DefectScore[]): CheckScore {
  const checksOf = ({ reportedBy }: DefectScore) => new Set(reportedBy.map((rule) => rule.split(':')[0]));
  const own = defects.map(checksOf).filter((names) => names.has(check));
  return { check, reported: own.length, alone: own.filter(({ size }) => size === 1).length };
}
