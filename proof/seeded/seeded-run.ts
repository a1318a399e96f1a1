/** Seeds defects one by one and says which check reports each. */

import { ACKNOWLEDGED } from '../../lib/constructs/acknowledge.ts';
import type { AssemblyStack } from '../assembly.ts';
import type { Check, Finding } from '../finding.ts';
import { type Defect, type Seeded, seed } from './defect.ts';

/** What became of a defect at one place. */
export interface Outcome {
  readonly defect: string;
  /** As in `Prod/Storage#Raw72517081`. */
  readonly place: string;
  /** Rules with a finding that the assembly without the defect does not have; empty where the defect survived. */
  readonly reportedBy: readonly string[];
}

/** Runs checks over each seeded assembly; the assembly without a defect is run once. */
export async function runSeeded(
  defects: readonly Defect[],
  stacks: readonly AssemblyStack[],
  checks: readonly Check[],
): Promise<Outcome[]> {
  const known = new Set((await openFindings(checks, stacks)).map(keyOf));
  const outcomes: Outcome[] = [];
  for (const seeded of defects.flatMap((defect) => seed(defect, stacks))) {
    outcomes.push(await outcomeOf(seeded, checks, known));
  }
  return outcomes;
}

async function outcomeOf({ defect, stack, resource, stacks }: Seeded, checks: readonly Check[], known: Set<string>) {
  const fresh = (await openFindings(checks, stacks)).filter((finding) => !known.has(keyOf(finding)));
  const reportedBy = [...new Set(fresh.map(({ rule }) => rule))].sort();
  return { defect: defect.id, place: `${stack}#${resource}`, reportedBy };
}

/** Findings that nobody acknowledged beside the resource. */
async function openFindings(checks: readonly Check[], stacks: readonly AssemblyStack[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const check of checks) found.push(...(await check.run(stacks)));
  return found.filter((finding) => !isAcknowledged(finding, stacks));
}

function isAcknowledged({ rule, stack, resource }: Finding, stacks: readonly AssemblyStack[]): boolean {
  const template = stacks.find(({ name }) => name === stack)?.template;
  const noted = template?.Resources[resource ?? '']?.Metadata?.[ACKNOWLEDGED];
  return Array.isArray(noted) && noted.some((it) => it.rule === rule);
}

function keyOf({ rule, stack, resource, message }: Finding): string {
  return JSON.stringify([rule, stack, resource, message]);
}
