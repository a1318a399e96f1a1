/** `npx laketwin bi doctor`: whether the dashboards of an environment could be deployed, and what they would cost. */
import { proven } from '../../lib/environments.ts';
import { EXIT, type ExitStatus, UsageError } from '../../local/exit-status.ts';
import { renderTable } from '../../local/terminal/table.ts';
import { type PriceList, pricesFor } from '../cost/prices.ts';
import { usd } from '../cost/render.ts';
import type { BiFinding } from './bi-finding.ts';
import { examine } from './examine.ts';

export interface BiDoctorOptions {
  readonly env: string;
  readonly json?: boolean;
}

export async function biDoctor({ env, json }: BiDoctorOptions): Promise<ExitStatus> {
  const environment = proven.find(({ name }) => name === env);
  if (environment === undefined) {
    throw new UsageError(`unknown environment '${env}', expected one of ${proven.map(({ name }) => name).join(', ')}`);
  }
  const findings = await examine(environment);
  const lacking = findings.filter(({ state }) => state === 'missing');
  const costs = monthlyCosts(pricesFor(environment.region));
  if (json) console.log(JSON.stringify({ ok: lacking.length === 0, findings, costs }, null, 2));
  else print(findings, costs);
  return lacking.length === 0 ? EXIT.done : EXIT.failed;
}

function print(findings: readonly BiFinding[], costs: readonly string[]) {
  const [first] = findings;
  if (first?.part === 'credentials') {
    console.error(`nothing could be checked: credentials: ${first.found}; ${first.advice}`);
    return;
  }
  const rows = findings.map(({ part, state, found, advice }) => [part, state, found, advice]);
  console.log(renderTable(['part', 'state', 'found', 'what to do'], rows));
  for (const line of costs) console.log(line);
  const lacking = findings.filter(({ state }) => state === 'missing').length;
  console.log(lacking === 0 ? 'the dashboards can be deployed' : `${lacking} of ${findings.length} are missing`);
}

const PRICES: readonly (readonly [string, string])[] = [
  ['quicksight.author', 'each person who makes dashboards'],
  ['quicksight.reader', 'each person who looks at them'],
  ['quicksight.spice', 'each GB in memory above the 10 GB of each author'],
  [
    'quicksight.infrastructure',
    'the whole account, as soon as one pro user or one topic is there: Laketwin makes none',
  ],
];

/** What people and memory cost a month, from the price list; nothing is added up, for nobody has said how many. */
export function monthlyCosts(prices: PriceList): string[] {
  return PRICES.map(([id, what]) => {
    const { usd: price, confirmed, date } = prices.of(id);
    return `${usd(price)} $ a month for ${what} (list of ${date}${confirmed ? '' : ', not confirmed'})`;
  });
}
