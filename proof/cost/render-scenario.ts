/** A scenario beside the figures that the project was ordered with: for a terminal, and for a page. */
import { renderTable } from '../../local/terminal/table.ts';
import { LEAST_USD, usd } from './render.ts';
import { type Comparison, type ScenarioReport, totalsOf } from './scenario.ts';

const HEAD = ['service', 'line', 'the order says', 'recomputed', 'verdict', 'this lake', 'how it is recomputed'];
const MONEY = [2, 3, 5];

export function renderScenario(report: ScenarioReport): string {
  const { scenario, assumed, comparisons } = report;
  return [
    `Scenario '${scenario.name}': ${scenario.description}`,
    renderTable(HEAD, comparisons.map(cellsOf)),
    ...comparisons.map(({ service, item, why }) => `  ${service}, ${item}: ${why}`),
    '',
    ...assumed.map(({ type, why }) => `Reckoned with, for this lake has none: ${type} (${why})`),
    conclusion(report),
  ].join('\n');
}

/** The same for a page in Markdown. */
export function scenarioMarkdown(report: ScenarioReport): string {
  const { scenario, assumed, comparisons } = report;
  const rows = [
    [...HEAD, 'why'],
    [...HEAD, 'why'].map((_, index) => (MONEY.includes(index) ? '--:' : '---')),
    ...comparisons.map((one) => [...cellsOf(one), one.why]),
  ];
  const reckoned = assumed.map(({ type, why }) => `\`${type}\` (${why})`);
  return [
    `${scenario.description[0]?.toUpperCase()}${scenario.description.slice(1)}; \`npx laketwin cost --scenario ${scenario.name}\`, prices of ${report.result.region}.`,
    '',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    conclusion(report),
    ...(reckoned.length === 0 ? [] : ['', `Reckoned with, for the lake has none: ${reckoned.join(', ')}.`]),
  ].join('\n');
}

function cellsOf({ service, item, says, recomputedUSD, verdict, oursUSD, formula }: Comparison): string[] {
  return [service, item, rangeText(says), usd(recomputedUSD), verdict, usd(oursUSD), formula];
}

function conclusion({ scenario, comparisons, result }: ScenarioReport): string {
  const { saysUSD, recomputedUSD } = totalsOf(comparisons);
  const others = leftOut(comparisons, result.subtotals).map(
    ({ service, monthlyUSD }) => `${service} ${usd(monthlyUSD)} $`,
  );
  return (
    `In all the order says ${rangeText(scenario.order.total)} $, and its lines add up to ${rangeText(saysUSD)} $;` +
    ` recomputed they are ${usd(recomputedUSD)} $. This lake is ${usd(result.totalUSD)} $ a month` +
    `${others.length === 0 ? '.' : `, with what the order leaves out: ${others.join(', ')}.`}`
  );
}

/** Services that cost something here and of which the order says nothing. */
function leftOut(comparisons: readonly Comparison[], subtotals: ScenarioReport['result']['subtotals']) {
  const named = new Set(comparisons.map(({ service }) => service));
  return subtotals.filter(({ service, monthlyUSD }) => !named.has(service) && monthlyUSD >= LEAST_USD);
}

function rangeText([from, to]: readonly [number, number | null]): string {
  if (to === null) return `over ${usd(from)}`;
  return from === to ? usd(from) : `${usd(from)} to ${usd(to)}`;
}
