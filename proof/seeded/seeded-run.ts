/** Says which checks report a seeded defect: one by one for checks that look across stacks, by the batch for scanners. */
import type { AssemblyStack } from '../assembly.ts';
import { judge } from '../check/acknowledgements.ts';
import type { Check, Finding } from '../finding.ts';
import type { Seeded } from './defect.ts';

/** What became of a defect at one place. */
export interface Outcome {
  readonly defect: string;
  /** As in `Prod/Storage#Raw72517081`. */
  readonly place: string;
  /** Rules with a finding that the assembly without the defect does not have; empty where the defect survived. */
  readonly reportedBy: readonly string[];
}

/** Runs a check over each seeded assembly by itself. */
export async function reportsOneByOne(
  seeds: readonly Seeded[],
  stacks: readonly AssemblyStack[],
  check: Check,
): Promise<Outcome[]> {
  const known = new Set((await openFindings(check, stacks)).map(keyOf));
  const outcomes: Outcome[] = [];
  for (const seeded of seeds) {
    const fresh = (await openFindings(check, seeded.stacks)).filter((finding) => !known.has(keyOf(finding)));
    outcomes.push(outcome(seeded, fresh));
  }
  return outcomes;
}

/**
 * Runs a check once over all changed stacks, each under a name of its own beside the unchanged ones: a scanner looks at
 * one template at a time, and starting it is what takes long.
 */
export async function reportsByTheBatch(
  seeds: readonly Seeded[],
  stacks: readonly AssemblyStack[],
  check: Check,
): Promise<Outcome[]> {
  const changed = seeds.map((seeded, index) => ({ ...changedStack(seeded), name: `${seeded.stack}-seeded-${index}` }));
  const found = await openFindings(check, [...stacks, ...changed]);
  const known = new Set(found.map(keyOf));
  return seeds.map((seeded, index) => {
    const own = found.filter(({ stack }) => stack === changed[index]?.name);
    return outcome(
      seeded,
      own.filter((finding) => !known.has(keyOf({ ...finding, stack: seeded.stack }))),
    );
  });
}

function changedStack({ stack, stacks }: Seeded): AssemblyStack {
  const found = stacks.find(({ name }) => name === stack);
  if (found === undefined) throw new Error(`no stack '${stack}' in the seeded assembly`);
  return found;
}

function outcome({ defect, stack, resource }: Seeded, fresh: readonly Finding[]): Outcome {
  const reportedBy = [...new Set(fresh.map(({ rule }) => rule))].sort();
  return { defect: defect.id, place: `${stack}#${resource}`, reportedBy };
}

/** Findings of the check that nobody acknowledged beside the resource. */
async function openFindings(check: Check, stacks: readonly AssemblyStack[]): Promise<Finding[]> {
  const findings = await check.run(stacks);
  const open = new Set(judge(stacks, findings).open);
  return findings.filter((finding) => open.has(finding));
}

function keyOf({ rule, stack, resource, message }: Finding): string {
  return JSON.stringify([rule, stack, resource, message]);
}
