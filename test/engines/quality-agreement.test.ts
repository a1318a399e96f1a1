import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DatasetPlan, storedColumns } from '../../core/contract/plan.ts';
import { dqdlRules, qualityDqdl } from '../../core/contract/quality-dqdl.ts';
import { qualityChecks } from '../../core/contract/quality-sql.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { datasets } from '../../datasets/index.ts';
import { curatedPlan, curatedTables } from '../../lib/curated-tables.ts';
import { installMacros } from '../../local/macros.ts';
import { arbitraryRow, type Row } from '../fixtures/arbitrary-row.ts';
import { businessInvoices } from '../fixtures/business-invoices.ts';
import { ecommerceEvents } from '../fixtures/ecommerce-events.ts';
import { jobOffers } from '../fixtures/job-offers.ts';
import { breakingValues } from './breaking-values.ts';
import { type DqdlOutcome, evaluateDqdl } from './dqdl-engine.ts';
import { openSpark } from './spark.ts';

/** The plans of the tables whose rule sets are deployed, and those of later domains. */
const PLANS: readonly DatasetPlan[] = [
  ...datasets.flatMap((plan) => curatedTables(plan).map((table) => curatedPlan(plan, table))),
  ecommerceEvents,
  businessInvoices,
  jobOffers,
];

interface Verdict {
  readonly rule: string;
  readonly isKept: boolean;
  /** Rows that offend; undefined where DQDL gives no count. */
  readonly offending: number | undefined;
}
interface Case {
  readonly plan: DatasetPlan;
  readonly name: string;
  readonly rows: readonly Row[];
}

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-agreement-'));
const cases = PLANS.flatMap(casesOf);
const verdicts = new Map<Case, { readonly sql: Verdict[]; readonly dqdl: Verdict[] }>();
const jobs = openSpark();
let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await installMacros(connection);
  const files = cases.map(({ plan, rows }, at) => {
    const file = join(scratch, `case-${at}.parquet`);
    // The writer refuses a null where the contract does, so the files are written by a laxer plan.
    const lax = { ...plan, columns: storedColumns(plan).map((column) => ({ ...column, nullable: true })) };
    writeFileSync(file, toParquet(lax, rows));
    return file;
  });
  const given = cases.map(({ plan }, at) => ({ file: files[at] ?? '', ruleset: qualityDqdl(plan) }));
  const outcomes = await evaluateDqdl(jobs, given, scratch);
  for (const [at, one] of cases.entries()) {
    const sql = await askSql(one.plan, files[at] ?? '');
    verdicts.set(one, { sql, dqdl: dqdlVerdicts(one, outcomes[at] ?? []) });
  }
}, 240_000);
afterAll(() => {
  jobs.close();
  connection.closeSync();
  rmSync(scratch, { recursive: true, force: true });
});

describe.each(PLANS.map((plan) => [plan.name, plan] as const))('the rules of %s', (_, plan) => {
  test.each(cases.filter((one) => one.plan === plan).map((one) => [one.name, one] as const))(
    'are kept and broken alike in SQL and in DQDL by %s',
    (_name, one) => {
      const { sql, dqdl } = verdicts.get(one) ?? { sql: [], dqdl: [] };
      const counted = sql.map((verdict, at) => (dqdl[at]?.offending === undefined ? uncounted(verdict) : verdict));
      expect(counted.length).toBeGreaterThan(2);
      expect(dqdl).toEqual(counted);
    },
  );

  test('are each kept by some rows and broken by others', () => {
    const said = cases.filter((one) => one.plan === plan).flatMap((one) => verdicts.get(one)?.dqdl ?? []);
    for (const isKept of [true, false]) {
      const rules = new Set(said.filter((verdict) => verdict.isKept === isKept).map(({ rule }) => rule));
      expect(dqdlRules(plan).filter((rule) => !rules.has(rule))).toEqual([]);
    }
  });
});

function casesOf(plan: DatasetPlan): Case[] {
  const sampled = fc.sample(arbitraryRow(plan), { seed: 11, numRuns: 40 });
  const good = [...new Map(sampled.map((row) => [plan.key.map((name) => row[name]).join('\0'), row])).values()];
  const [row = {}, other = {}] = good;
  const nothing = Object.fromEntries(storedColumns(plan).map(({ name }) => [name, null]));
  const breaking = breakingValues(plan);
  const rounds = Math.max(...Object.values(breaking).map((values) => values.length));
  return [
    { plan, name: 'good rows', rows: good },
    { plan, name: 'no row', rows: [] },
    { plan, name: 'nothing but two rows of nulls', rows: [nothing, nothing] },
    { plan, name: 'a key that stands twice, and one thrice', rows: [...good, row, row, other] },
    ...Array.from({ length: rounds }, (_, round) => {
      const broken = Object.entries(breaking).flatMap(([name, values]) =>
        round < values.length ? [[name, values[round]]] : [],
      );
      return {
        plan,
        name: `breach ${round + 1} of each column`,
        rows: [...good, { ...row, ...Object.fromEntries(broken) }],
      };
    }),
  ];
}

async function askSql(plan: DatasetPlan, file: string): Promise<Verdict[]> {
  await connection.run(`create or replace temp view "${plan.name}" as select * from read_parquet('${file}')`);
  const rules = dqdlRules(plan);
  const said: Verdict[] = [];
  for (const [at, { sql }] of qualityChecks(plan).entries()) {
    const offending = (await connection.runAndReadAll(sql)).currentRowCount;
    said.push({ rule: rules[at] ?? '', isKept: offending === 0, offending });
  }
  return said;
}

function dqdlVerdicts({ plan, rows }: Case, outcomes: readonly DqdlOutcome[]): Verdict[] {
  expect(outcomes.length).toBe(dqdlRules(plan).length);
  return dqdlRules(plan).map((rule) => {
    const outcome = outcomes.find((one) => plain(one.rule) === plain(rule));
    if (outcome === undefined) throw new Error(`the engine says nothing of ${rule}`);
    return { rule, isKept: outcome.isKept, offending: offendingBy(outcome, rows) };
  });
}

/** The engine writes rules with other blanks and letters. */
function plain(rule: string): string {
  return rule.replaceAll(', ', ',').replace(') OR (', ') or (');
}

/** From shares of the rows, or of those that are not null; the engine gives all queries' counts one name. */
function offendingBy({ metrics }: DqdlOutcome, rows: readonly Row[]): number | undefined {
  for (const [metric, value] of Object.entries(metrics)) {
    const [, column = '', what] = metric.split('.');
    if (what === 'Completeness') return Math.round((1 - value) * rows.length);
    if (metric.endsWith('.Compliance') || what === 'PatternMatch') {
      return Math.round((1 - value) * rows.filter((row) => row[column] !== null).length);
    }
  }
  return undefined;
}

function uncounted(verdict: Verdict): Verdict {
  return { ...verdict, offending: undefined };
}
