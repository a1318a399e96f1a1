/** `npm run infra:diff -- --against REF`: what a change of the infrastructure opens, removes, replaces or costs. */
import { Command } from 'commander';
import { prod } from '../lib/environments.ts';
import { assemblyOf, ownAssembly } from '../proof/diff/assembly-of.ts';
import { type Change, compareAssemblies, KINDS, type Kind } from '../proof/diff/compare-assemblies.ts';
import { type CostChange, compareCosts } from '../proof/diff/compare-costs.ts';

const TITLES: Readonly<Record<Kind, string>> = {
  opens: 'Opens',
  weakens: 'Weakens a rule of the lake',
  removes: 'Removes',
  replaces: 'Replaces, or may',
  closes: 'Closes',
  adds: 'Adds',
  changes: 'Changes in place',
};

const { against, json } = new Command('infra:diff')
  .description('Says in plain words what the infrastructure as it is here would do to that of a commit.')
  .requiredOption('--against <ref>', 'branch, tag or commit to compare with')
  .option('--json', 'one JSON document')
  .parse()
  .opts<{ against: string; json?: boolean }>();

try {
  const [before, after] = [assemblyOf(against), ownAssembly()];
  const changes = await compareAssemblies(before, after);
  const costs = compareCosts(before, after, prod.region);
  console.log(json ? JSON.stringify({ against, changes, costs }, null, 2) : inWords(changes, costs));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function inWords(changes: readonly Change[], costs: readonly CostChange[]): string {
  const sections = KINDS.flatMap((kind) => {
    const own = changes.filter((change) => change.kind === kind);
    if (own.length === 0) return [];
    return [`${TITLES[kind]} (${own.length})`, ...own.map((change) => `  ${lineOf(change)}`), ''];
  });
  const bill = costs.map(({ environment, beforeUSD, afterUSD }) => {
    const more = afterUSD - beforeUSD;
    return `  ${environment}: ${afterUSD.toFixed(2)} $ a month, ${more < 0 ? '−' : '+'}${Math.abs(more).toFixed(2)} $`;
  });
  const found = sections.length === 0 ? [`Nothing would be deployed otherwise than at ${against}.`, ''] : sections;
  return [...found, 'Costs, at the default volumes', ...bill].join('\n');
}

function lineOf({ place, text, environments }: Change): string {
  return `${place}: ${text} [${environments.join(', ')}]`;
}
