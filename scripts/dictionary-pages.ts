import { dictionaryPage } from '../core/contract/dictionary-page.ts';
import { rejectionsPlan } from '../core/lake/rejections.ts';
import { datasets } from '../datasets/index.ts';

/** File name to text of every page under docs/dictionary. */
export function dictionaryPages(): ReadonlyMap<string, string> {
  const plans = [...datasets, rejectionsPlan];
  const lines = plans.map(({ name, description }) => `- [${name}](${name}.md): ${description}`);
  const list = `# Data dictionary\n\nMade from the contracts by \`npm run docs\`.\n\n${lines.join('\n')}\n`;
  return new Map([['README.md', list], ...plans.map((plan) => [`${plan.name}.md`, dictionaryPage(plan)] as const)]);
}
