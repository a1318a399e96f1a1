/** Says which checks report a seeded defect: one by one for checks that look across stacks, by the batch for scanners. */
import type { AssemblyStack } from '../assembly.ts';
import { judge } from '../check/acknowledgements.ts';
import { withImports } from '../check/scanners/imports.ts';
import type { Check, Finding } from '../finding.ts';
import type { Seeded } from './defect.ts';
import { aroundOf, prunedTo } from './pruned.ts';

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
 * Runs a check once over all changed stacks, cut down to what has to do with the defect and each under a name of its own,
 * and over the same pieces without the defect: a scanner looks at one template at a time, and starting it takes long.
 */
export async function reportsByTheBatch(
  seeds: readonly Seeded[],
  stacks: readonly AssemblyStack[],
  check: Check,
): Promise<Outcome[]> {
  const pieces = seeds.map((seeded) => piecesOf(seeded, stacks));
  const clean = new Map(pieces.map(({ before }) => [JSON.stringify(before.template), before]));
  const texts = [...clean.keys()];
  const named = [
    ...[...clean.values()].map((before, index) => ({ ...before, name: `clean-${index}` })),
    ...pieces.map(({ after }, index) => ({ ...after, name: `seeded-${index}` })),
  ];
  // A piece has no outputs of its own, so what it takes from other stacks is put in beside the whole ones.
  const found = await openFindings(check, withImports([...stacks, ...named]).slice(stacks.length));
  return seeds.map((seeded, index) => {
    const of = (name: string) =>
      found.filter(({ stack }) => stack === name).map((it) => ({ ...it, stack: seeded.stack }));
    const known = new Set(of(`clean-${texts.indexOf(JSON.stringify(pieces[index]?.before.template))}`).map(keyOf));
    return outcome(
      seeded,
      of(`seeded-${index}`).filter((finding) => !known.has(keyOf(finding))),
    );
  });
}

interface Pieces {
  readonly before: AssemblyStack;
  readonly after: AssemblyStack;
}

/** What the defect is about, without it and with it. */
function piecesOf({ stack, resource, stacks: seeded }: Seeded, stacks: readonly AssemblyStack[]): Pieces {
  const [before, after] = [stacks, seeded].map((all) => all.find(({ name }) => name === stack));
  if (before === undefined || after === undefined) throw new Error(`no stack '${stack}' in the seeded assembly`);
  const around = new Set([...aroundOf(before, resource), ...aroundOf(after, resource), 'SeededDefect']);
  return { before: prunedTo(before, around), after: prunedTo(after, around) };
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
