/** `npx laketwin cost`: what an environment costs a month. */
import { type Environment, environments } from '../../lib/environments.ts';
import { EXIT, type ExitStatus, UsageError } from '../../local/exit-status.ts';
import { type AssemblyStack, readAssembly } from '../assembly.ts';
import { type Estimate, estimate } from './estimate.ts';
import { pricesFor } from './prices.ts';
import { renderEstimate, usd } from './render.ts';
import { renderScenario } from './render-scenario.ts';
import { readScenario, reportScenario, type ScenarioReport } from './scenario.ts';
import { synthesise } from './synthesise.ts';
import { DEFAULT_VOLUMES, readVolumes } from './volumes.ts';

export interface CostOptions {
  readonly env: string;
  readonly volumes?: string;
  readonly budget?: number;
  readonly scenario?: string;
  readonly assembly?: string;
  readonly region?: string;
  readonly json?: boolean;
}

export async function cost(options: CostOptions): Promise<ExitStatus> {
  const { scenario: name } = options;
  const scenario = name === undefined ? undefined : asked(() => readScenario(name));
  if (scenario !== undefined && options.volumes !== undefined) {
    throw new UsageError('--scenario brings its own volumes, expected it without --volumes');
  }
  const environment = environments.find((one) => one.name === options.env);
  const volumes = scenario?.volumes ?? asked(() => readVolumes(options.volumes ?? DEFAULT_VOLUMES));
  const region = options.region ?? scenario?.region ?? environment?.region;
  if (region === undefined) throw unknownEnvironment(options.env, environments);
  const prices = asked(() => pricesFor(region));
  const stacks = await stacksOf(options, environment);
  const report = scenario === undefined ? undefined : reportScenario(scenario, stacks, prices);
  const result = report?.result ?? estimate(stacks, volumes, prices);
  print(options, result, report);
  return gate(result, options.budget);
}

/** What was asked for wrongly ends with the status of wrong usage. */
function asked<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function stacksOf(options: CostOptions, environment: Environment | undefined): Promise<AssemblyStack[]> {
  if (options.assembly === undefined) {
    if (environment === undefined) throw unknownEnvironment(options.env, environments);
    return synthesise(environment);
  }
  const directory = options.assembly;
  const all = asked(() => readAssembly(directory));
  const stacks = all.filter((stack) => stack.environment === options.env);
  if (stacks.length > 0) return stacks;
  const names = [...new Set(all.map((stack) => stack.environment))].map((name) => ({ name }));
  throw unknownEnvironment(options.env, names);
}

function unknownEnvironment(name: string, known: readonly { readonly name: string }[]): UsageError {
  return new UsageError(`unknown environment '${name}', expected one of ${known.map((one) => one.name).join(', ')}`);
}

function print(options: CostOptions, result: Estimate, report: ScenarioReport | undefined) {
  if (options.json) {
    console.log(JSON.stringify(documentOf(options, result, report), null, 2));
    return;
  }
  const isTerminal = process.stdout.isTTY === true && !process.env.NO_COLOR;
  console.log(renderEstimate(result, { environment: options.env, isTerminal }));
  if (report !== undefined) console.log(`\n${renderScenario(report)}`);
}

function documentOf({ env, budget }: CostOptions, result: Estimate, report: ScenarioReport | undefined) {
  const gated = budget === undefined ? {} : { budgetUSD: budget, isWithinBudget: isWithin(result, budget) };
  const { scenario, assumed, comparisons } = report ?? {};
  return { environment: env, ...result, ...gated, scenario: scenario?.name, assumed, comparisons };
}

function gate(result: Estimate, budget: number | undefined): ExitStatus {
  if (budget === undefined || isWithin(result, budget)) return EXIT.done;
  console.error(budgetSentence(result, budget));
  return EXIT.failed;
}

function isWithin({ totalUSD }: Estimate, budget: number): boolean {
  return totalUSD <= budget;
}

function budgetSentence({ lines, totalUSD }: Estimate, budget: number): string {
  const largest = [...lines].sort((one, other) => other.monthlyUSD - one.monthlyUSD).slice(0, 3);
  const named = largest.map(({ service, item, monthlyUSD }) => `${service} ${item} ${usd(monthlyUSD)} $`);
  return `laketwin: ${usd(totalUSD)} $ a month is above the budget of ${usd(budget)} $; the largest lines are ${named.join(', ')}`;
}
