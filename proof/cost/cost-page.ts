import type { AssemblyStack } from '../assembly.ts';
import { pricesFor } from './prices.ts';
import { scenarioMarkdown } from './render-scenario.ts';
import { readScenario, reportScenario, SCENARIOS } from './scenario.ts';

/** The page `docs/cost.md` with the tables of its scenarios written anew between their marks. */
export function costPage(page: string, stacks: readonly AssemblyStack[]): string {
  return SCENARIOS.reduce((text, name) => {
    const scenario = readScenario(name);
    const table = scenarioMarkdown(reportScenario(scenario, stacks, pricesFor(scenario.region)));
    const [start, end] = [`<!-- scenario ${name} -->`, `<!-- end of ${name} -->`];
    const [before, after] = [text.indexOf(start), text.indexOf(end)];
    if (before < 0 || after < before)
      throw new Error(`docs/cost.md has no place for scenario ${name}, expected ${start} … ${end}`);
    return `${text.slice(0, before + start.length)}\n\n${table}\n\n${text.slice(after)}`;
  }, page);
}
