/** The bill as text for a terminal. */
import { renderTable } from '../../local/terminal/table.ts';
import type { Estimate } from './estimate.ts';
import type { Line } from './line.ts';

/** Marks a price that could not be confirmed. */
const UNCONFIRMED = '?';
/** Lines below half a cent are left out of the table; `--json` has all. */
export const LEAST_USD = 0.005;

export interface RenderOptions {
  readonly environment: string;
  /** Whether the total may be bold. */
  readonly isTerminal: boolean;
}

export function renderEstimate(result: Estimate, { environment, isTerminal }: RenderOptions): string {
  const { lines, subtotals, totalUSD, unpriced, region, pricesOf } = result;
  const rows = subtotals.flatMap(({ service, monthlyUSD }) => {
    const own = lines.filter((line) => line.service === service);
    const shown = monthlyUSD < LEAST_USD ? own.filter(({ unit }) => unit === '') : own.filter(isShown);
    return [[service, '', usd(monthlyUSD), '', reasonFor(monthlyUSD, own)], ...shown.map(rowOf)];
  });
  const total = `${environment} in ${region}: ${usd(totalUSD)} $ a month`;
  return [
    renderTable(['service', 'line', '$ a month', '', 'how'], rows),
    ...trapsOf(lines),
    '',
    `${UNCONFIRMED} price not confirmed · lines under a cent are in --json · list prices of ${pricesOf}, no tax, no support plan, 30 days`,
    ...unpriced.map(({ type, resources }) => `not priced: ${type} (${resources.join(', ')})`),
    isTerminal ? `\u001b[1m${total}\u001b[22m` : total,
  ].join('\n');
}

function isShown({ monthlyUSD }: Line): boolean {
  return monthlyUSD >= LEAST_USD;
}

function rowOf({ item, monthlyUSD, confirmed, formula }: Line): string[] {
  return ['', item, usd(monthlyUSD), confirmed ? '' : UNCONFIRMED, formula];
}

function reasonFor(monthlyUSD: number, lines: readonly Line[]): string {
  if (monthlyUSD >= LEAST_USD) return '';
  return lines.some(({ unit }) => unit !== '') ? 'under a cent, or within the free tier' : '';
}

function trapsOf(lines: readonly Line[]): string[] {
  const traps = lines.flatMap(({ trap, service, item, unit }) =>
    trap === undefined || unit === '' ? [] : [{ trap, place: `${service}, ${item}` }],
  );
  const distinct = [...new Set(traps.map(({ trap }) => trap))];
  if (distinct.length === 0) return [];
  const first = (wanted: string) => traps.find(({ trap }) => trap === wanted)?.place ?? '';
  return ['', 'What makes it dearer than it looks:', ...distinct.map((trap) => `  ${first(trap)}: ${trap}`)];
}

export function usd(amount: number): string {
  return amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
