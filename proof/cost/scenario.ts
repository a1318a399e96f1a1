/** The two scenarios that the project was ordered with, and what its own figures come to when they are recomputed. */
import { existsSync } from 'node:fs';
import * as z from 'zod';
import type { AssemblyStack } from '../assembly.ts';
import { type Estimate, estimate, total } from './estimate.ts';
import { figure } from './line.ts';
import type { PriceList } from './prices.ts';
import { readJson, volumesSchema } from './volumes.ts';

/** From, and to; null where it is open. */
const range = z.tuple([z.number().min(0), z.number().min(0).nullable()]);

const term = z.strictObject({
  /** Numbers with their words, multiplied and divided: `30 runs × 10 minutes / 60 × 2 DPU`. */
  quantity: z.string(),
  price: z.string(),
});

const orderLine = z.strictObject({
  service: z.string(),
  item: z.string(),
  says: range,
  quantity: z.string().optional(),
  price: z.string().optional(),
  /** In place of one quantity and price, several. */
  terms: z.array(term).optional(),
  /** Beginnings of the items of our lines that stand for it. */
  ours: z.array(z.string()),
  why: z.string().min(1),
});

const schema = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** Whose prices the figures were made with. */
  region: z.string(),
  /** Resources that are reckoned with where the lake has none of their type. */
  assumed: z.array(
    z.strictObject({ type: z.string(), properties: z.record(z.string(), z.unknown()), why: z.string().min(1) }),
  ),
  volumes: volumesSchema,
  order: z.strictObject({ total: range, lines: z.array(orderLine) }),
});

export type Scenario = z.infer<typeof schema>;
type OrderLine = z.infer<typeof orderLine>;

export const SCENARIOS = ['batch', 'streaming'] as const;

/** Throws where there is no scenario of that name. */
export function readScenario(name: string): Scenario {
  const file = new URL(`scenarios/${name}.json`, import.meta.url);
  if (!/^[a-z]+$/.test(name) || !existsSync(file)) {
    throw new Error(`unknown scenario '${name}', expected one of ${SCENARIOS.join(', ')}`);
  }
  return schema.parse(readJson(file));
}

type Assumed = Scenario['assumed'][number];

/** Of the assumed resources, those of whose type the lake has none. */
function missingOf(stacks: readonly AssemblyStack[], { assumed }: Scenario): Assumed[] {
  const present = new Set(
    stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type: type }) => type)),
  );
  return assumed.filter(({ type }) => !present.has(type));
}

/** The stacks, and with them the resources that are missing. */
function withAssumed(stacks: readonly AssemblyStack[], missing: readonly Assumed[]): AssemblyStack[] {
  const Resources = Object.fromEntries(
    missing.map(({ type, properties }) => [
      `Assumed${type.split('::').at(-1)}`,
      { Type: type, Properties: properties },
    ]),
  );
  const stack: AssemblyStack = {
    name: 'Assumed',
    environment: stacks[0]?.environment ?? '',
    stackName: 'Assumed',
    template: { Resources },
    templateFile: '',
    dependencies: [],
    terminationProtection: false,
  };
  return missing.length === 0 ? [...stacks] : [...stacks, stack];
}

export type Verdict = 'right' | 'too low' | 'too high';

/** A line of the order beside its own arithmetic and our figure. */
export interface Comparison {
  readonly service: string;
  readonly item: string;
  readonly says: readonly [number, number | null];
  readonly recomputedUSD: number;
  readonly formula: string;
  readonly verdict: Verdict;
  readonly why: string;
  readonly oursUSD: number;
}

function compare({ order }: Scenario, prices: PriceList, { lines }: Estimate): Comparison[] {
  return order.lines.map((line) => {
    const terms = termsOf(line).map(({ quantity, price }) => recomputed(quantity, price, prices));
    const recomputedUSD = terms.reduce((sum, { usd }) => sum + usd, 0);
    const ours = lines.filter(
      ({ service, item }) => service === line.service && line.ours.some((start) => item.startsWith(start)),
    );
    return {
      service: line.service,
      item: line.item,
      says: line.says,
      recomputedUSD,
      formula: terms.map(({ formula }) => formula).join(' + '),
      verdict: verdictOf(line.says, recomputedUSD),
      why: line.why,
      oursUSD: total(ours),
    };
  });
}

/** A scenario worked out over a lake. */
export interface ScenarioReport {
  readonly scenario: Scenario;
  /** What was reckoned with, for the lake has none of it. */
  readonly assumed: readonly Assumed[];
  readonly result: Estimate;
  readonly comparisons: readonly Comparison[];
}

export function reportScenario(
  scenario: Scenario,
  stacks: readonly AssemblyStack[],
  prices: PriceList,
): ScenarioReport {
  const assumed = missingOf(stacks, scenario);
  const result = estimate(withAssumed(stacks, assumed), scenario.volumes, prices);
  return { scenario, assumed, result, comparisons: compare(scenario, prices, result) };
}

/** Sum of what the order says, line by line, and of what the same lines come to. */
export function totalsOf(comparisons: readonly Comparison[]) {
  const sum = (of: (one: Comparison) => number) => comparisons.reduce((all, one) => all + of(one), 0);
  return {
    saysUSD: [sum(({ says }) => says[0]), sum(({ says }) => says[1] ?? says[0])] as const,
    recomputedUSD: sum(({ recomputedUSD }) => recomputedUSD),
  };
}

/** What is free every month for ever is taken off: the order counts on it too. */
function recomputed(quantity: string, price: string, prices: PriceList): { usd: number; formula: string } {
  const all = evaluate(quantity);
  const tier = prices.freeTiers.find((one) => one.price === price && one.kind === 'always');
  const free = Math.min(all, tier?.quantity ?? 0);
  const { usd } = prices.of(price);
  const formula = free === 0 ? `${quantity} × ${usd}` : `(${quantity} − ${figure(free)} free) × ${usd}`;
  return { usd: (all - free) * usd, formula };
}

function termsOf({ quantity, price, terms }: OrderLine) {
  return quantity !== undefined && price !== undefined ? [{ quantity, price }] : (terms ?? []);
}

/** The value of `30 runs × 10 minutes / 60 × 2 DPU`: 10. */
export function evaluate(quantity: string): number {
  const [first = '', ...rest] = quantity.split(/(?=[×/])/);
  return rest.reduce((value, part) => {
    const number = Number.parseFloat(part.slice(1));
    return part.startsWith('×') ? value * number : value / number;
  }, Number.parseFloat(first));
}

/** A twentieth off, or ten cents, is not called wrong. */
function verdictOf([from, to]: readonly [number, number | null], value: number): Verdict {
  const slack = (bound: number) => Math.max(0.1, bound / 20);
  if (value < from - slack(from)) return 'too high';
  return to !== null && value > to + slack(to) ? 'too low' : 'right';
}
