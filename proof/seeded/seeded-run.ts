/** Says which checks report a seeded defect: one by one for checks that are quick, by the batch for scanners. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACKNOWLEDGED } from '../../lib/constructs/acknowledge.ts';
import type { AssemblyStack } from '../assembly.ts';
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

/** Runs a check over each seeded assembly by itself, for it may look at all stacks at once. */
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
 * Runs a check once over all changed stacks, each under a name of its own: a scanner looks at one template at a time,
 * and starting it is what takes long.
 */
export async function reportsByTheBatch(
  seeds: readonly Seeded[],
  stacks: readonly AssemblyStack[],
  check: Check,
): Promise<Outcome[]> {
  const directory = mkdtempSync(join(tmpdir(), 'laketwin-seeded-'));
  try {
    const changed = seeds.map((seeded, index) => apart(seeded, index, directory));
    const known = new Set((await openFindings(check, stacks)).map(keyOf));
    const found = await openFindings(check, changed);
    return seeds.map((seeded, index) => {
      const own = found.filter(({ stack }) => stack === changed[index]?.name);
      const fresh = own.map((it) => ({ ...it, stack: seeded.stack })).filter((it) => !known.has(keyOf(it)));
      return outcome(seeded, fresh);
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The changed stack as an assembly has it, in a file of its own. */
function apart({ stack: name, stacks }: Seeded, index: number, directory: string): AssemblyStack {
  const stack = stacks.find((it) => it.name === name);
  if (stack === undefined) throw new Error(`no stack '${name}' in the seeded assembly`);
  const templateFile = join(directory, `seeded-${index}.template.json`);
  writeFileSync(templateFile, JSON.stringify(stack.template));
  return { ...stack, name: `${name}-seeded-${index}`, stackName: `${stack.stackName}-seeded-${index}`, templateFile };
}

function outcome({ defect, stack, resource }: Seeded, fresh: readonly Finding[]): Outcome {
  const reportedBy = [...new Set(fresh.map(({ rule }) => rule))].sort();
  return { defect: defect.id, place: `${stack}#${resource}`, reportedBy };
}

/** Findings that nobody acknowledged beside the resource. */
async function openFindings(check: Check, stacks: readonly AssemblyStack[]): Promise<Finding[]> {
  return (await check.run(stacks)).filter((finding) => !isAcknowledged(finding, stacks));
}

function isAcknowledged({ rule, stack, resource }: Finding, stacks: readonly AssemblyStack[]): boolean {
  const template = stacks.find(({ name }) => name === stack)?.template;
  const noted = template?.Resources[resource ?? '']?.Metadata?.[ACKNOWLEDGED];
  return Array.isArray(noted) && noted.some((it) => it.rule === rule);
}

function keyOf({ rule, stack, resource, message }: Finding): string {
  return JSON.stringify([rule, stack, resource, message]);
}
