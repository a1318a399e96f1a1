/** One answer over a cloud assembly: what is found, what of it is acknowledged, and what could not be looked at. */
import type { AssemblyStack } from '../assembly.ts';
import type { Check, Finding } from '../finding.ts';
import { type Acknowledgement, judge, placeOfFinding } from './acknowledgements.ts';
import { checks, runChecks } from './checks.ts';

/** What one check came to. */
export interface CheckLine {
  readonly check: string;
  /** Findings that nobody acknowledged. */
  readonly findings: number;
  readonly acknowledged: number;
  /** Until its answer was there; all checks run side by side. */
  readonly seconds: number;
  readonly failure?: string;
}

/** The same finding in several environments is one thought. */
export interface FindingLine {
  readonly rule: string;
  /** Construct, without its stage: `Storage/Raw/Resource`. */
  readonly place: string;
  readonly environments: readonly string[];
  readonly message: string;
}

export interface GateReport {
  /** Whether every check ran and every finding is acknowledged. */
  readonly ok: boolean;
  readonly stacks: number;
  readonly resources: number;
  readonly checks: readonly CheckLine[];
  readonly findings: readonly FindingLine[];
  readonly acknowledgements: readonly Acknowledgement[];
}

/** Looks over an assembly. Never throws for a check: one that could not run is named in the report, which is not `ok`. */
export async function runGate(stacks: readonly AssemblyStack[], all: readonly Check[] = checks): Promise<GateReport> {
  const results = await runChecks(stacks, all);
  const { open, acknowledged, acknowledgements } = judge(
    stacks,
    results.flatMap(({ findings }) => findings),
  );
  const own = { check: 'gate', findings: open.filter((it) => isOf(it, 'gate')).length, acknowledged: 0, seconds: 0 };
  return {
    ok: open.length === 0 && results.every(({ failure }) => failure === undefined),
    stacks: stacks.length,
    resources: stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0),
    checks: [
      ...results.map(({ check, failure, seconds }) => ({
        check,
        findings: open.filter((it) => isOf(it, check)).length,
        acknowledged: acknowledged.filter((it) => isOf(it, check)).length,
        seconds: Math.round(seconds * 10) / 10,
        ...(failure !== undefined && { failure }),
      })),
      own,
    ],
    findings: asLines(stacks, open),
    acknowledgements,
  };
}

function isOf({ rule }: Finding, check: string): boolean {
  return rule.startsWith(`${check}:`);
}

function asLines(stacks: readonly AssemblyStack[], findings: readonly Finding[]): FindingLine[] {
  const lines = new Map<string, FindingLine>();
  for (const finding of findings) {
    const environment = stacks.find(({ name }) => name === finding.stack)?.environment ?? '';
    const rule = withoutEnvironment(finding.rule, environment);
    const place = placeOfFinding(stacks, finding).split('/').slice(1).join('/') || finding.stack;
    const key = JSON.stringify([rule, place, withoutEnvironment(finding.message, environment)]);
    const environments = new Set([...(lines.get(key)?.environments ?? []), environment]);
    lines.set(key, {
      rule,
      place,
      environments: [...environments],
      message: lines.get(key)?.message ?? finding.message,
    });
  }
  return [...lines.values()].sort((a, b) => (a.rule + a.place < b.rule + b.place ? -1 : 1));
}

function withoutEnvironment(text: string, environment: string): string {
  return text.replaceAll(new RegExp(`(?<![a-z])${environment}(?![a-z])`, 'gi'), '<environment>');
}
