import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DatasetPlan, storedColumns } from '../../core/contract/plan.ts';
import { dqdlOfCheck, dqdlRules, qualityDqdl } from '../../core/contract/quality-dqdl.ts';
import { qualityChecks } from '../../core/contract/quality-sql.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { datasets } from '../../datasets/index.ts';
import { type CuratedTable, curatedPlan, curatedTables } from '../../lib/curated-tables.ts';
import { checksOfTable, qualityRuleset } from '../../lib/quality-ruleset.ts';
import { sqlFiles } from '../../lib/sql-files.ts';
import { installMacros } from '../../local/macros.ts';
import { arbitraryRow, type Row } from '../fixtures/arbitrary-row.ts';
import { businessInvoices } from '../fixtures/business-invoices.ts';
import { ecommerceEvents } from '../fixtures/ecommerce-events.ts';
import { jobOffers } from '../fixtures/job-offers.ts';
import { breakingValues } from './breaking-values.ts';
import { type DqdlOutcome, evaluateDqdl } from './dqdl-engine.ts';
import { openSpark } from './spark.ts';

interface Rules {
  readonly plan: DatasetPlan;
  readonly ruleset: string;
  /** The same in SQL, each for the rule in the same place. */
  readonly checks: readonly { readonly dqdl: string; readonly sql: string }[];
  /** What makes the table of settled rows, where it is not those rows. */
  readonly curatedSql?: string | undefined;
}

/** The rule sets that are deployed, and those of later domains. */
const RULES: readonly Rules[] = [
  ...datasets.flatMap((plan) => curatedTables(plan).map((table) => deployed(plan, table))),
  ...[ecommerceEvents, businessInvoices, jobOffers].map(contractOnly),
];

interface Verdict {
  readonly rule: string;
  readonly isKept: boolean;
  /** Rows that offend; undefined where DQDL gives no count. */
  readonly offending: number | undefined;
}
interface Case {
  readonly rules: Rules;
  readonly name: string;
  readonly rows: readonly Row[];
}

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-agreement-'));
const cases = RULES.flatMap(casesOf);
const verdicts = new Map<Case, { readonly sql: Verdict[]; readonly dqdl: Verdict[] }>();
const jobs = openSpark();
let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await installMacros(connection);
  const files: string[] = [];
  for (const one of cases) files.push(await writeCase(one, join(scratch, `case-${files.length}`)));
  const given = cases.map(({ rules }, at) => ({ file: files[at] ?? '', ruleset: rules.ruleset }));
  const outcomes = await evaluateDqdl(jobs, given, scratch);
  for (const [at, one] of cases.entries()) {
    const sql = await askSql(one.rules, files[at] ?? '');
    verdicts.set(one, { sql, dqdl: dqdlVerdicts(one, outcomes[at] ?? []) });
  }
}, 600_000);
afterAll(() => {
  jobs.close();
  connection.closeSync();
  rmSync(scratch, { recursive: true, force: true });
});

describe.each(RULES.map((rules) => [rules.plan.name, rules] as const))('the rules of %s', (_, rules) => {
  test.each(cases.filter((one) => one.rules === rules).map((one) => [one.name, one] as const))(
    'are kept and broken alike in SQL and in DQDL by %s',
    (_name, one) => {
      const { sql, dqdl } = verdicts.get(one) ?? { sql: [], dqdl: [] };
      const counted = sql.map((verdict, at) => (dqdl[at]?.offending === undefined ? uncounted(verdict) : verdict));
      expect(counted.length).toBeGreaterThan(2);
      expect(dqdl).toEqual(counted);
    },
  );

  test('are each kept by some rows and broken by others', () => {
    const said = cases.filter((one) => one.rules === rules).flatMap((one) => verdicts.get(one)?.dqdl ?? []);
    for (const isKept of [true, false]) {
      const found = new Set(said.filter((verdict) => verdict.isKept === isKept).map(({ rule }) => rule));
      expect(rules.checks.filter(({ dqdl }) => !found.has(dqdl))).toEqual([]);
    }
  });
});

function contractOnly(plan: DatasetPlan): Rules {
  const sql = qualityChecks(plan);
  const checks = dqdlRules(plan).map((dqdl, at) => ({ dqdl, sql: sql[at]?.sql ?? '' }));
  return { plan, ruleset: qualityDqdl(plan), checks };
}

function deployed(plan: DatasetPlan, table: CuratedTable): Rules {
  const { checks, ...rules } = contractOnly(curatedPlan(plan, table));
  const stated = checksOfTable(plan.name, table.name);
  return {
    ...rules,
    ruleset: qualityRuleset(plan, table),
    checks: [...checks, ...stated.map(({ sql }) => ({ sql, dqdl: dqdlOfCheck(sql, table.name) }))],
    curatedSql: sqlFiles(plan.name, 'curated').find(({ name }) => name === table.name)?.sql,
  };
}

function casesOf(rules: Rules): Case[] {
  const { plan } = rules;
  const sampled = fc.sample(arbitraryRow(plan), { seed: 11, numRuns: 40 });
  const good = [...new Map(sampled.map((row) => [plan.key.map((name) => row[name]).join('\0'), row])).values()];
  const [row = {}, other = {}] = good;
  const nothing = Object.fromEntries(storedColumns(plan).map(({ name }) => [name, null]));
  const breaking = breakingValues(plan);
  const rounds = Math.max(...Object.values(breaking).map((values) => values.length));
  return [
    { rules, name: 'good rows', rows: good },
    { rules, name: 'no row', rows: [] },
    { rules, name: 'nothing but two rows of nulls', rows: [nothing, nothing] },
    { rules, name: 'a key that stands twice, and one thrice', rows: [...good, row, row, other] },
    ...Array.from({ length: rounds }, (_, round) => {
      const broken = Object.entries(breaking).flatMap(([name, values]) =>
        round < values.length ? [[name, values[round]]] : [],
      );
      return {
        rules,
        name: `breach ${round + 1} of each column`,
        rows: [...good, { ...row, ...Object.fromEntries(broken) }],
      };
    }),
  ];
}

async function writeCase({ rules, rows }: Case, path: string): Promise<string> {
  const { plan, curatedSql } = rules;
  // The writer refuses a null where the contract does, so the files are written by a laxer plan.
  const lax = { ...plan, columns: storedColumns(plan).map((column) => ({ ...column, nullable: true })) };
  writeFileSync(path, toParquet(lax, rows));
  if (curatedSql === undefined) return path;
  const day = `cast(ingested_at as date) as ${plan.partitionBy}`;
  const settled = `select *, ${day}, 1 as versions, false as is_repeat from read_parquet('${path}')`;
  const made = `with settled_${plan.name} as (${settled}), made as (${curatedSql}) select * from made`;
  await connection.run(`copy (${made}) to '${path}.curated' (format parquet)`);
  return `${path}.curated`;
}

async function askSql({ plan, checks }: Rules, file: string): Promise<Verdict[]> {
  await connection.run(`create or replace temp view "${plan.name}" as select * from read_parquet('${file}')`);
  const said: Verdict[] = [];
  for (const { dqdl, sql } of checks) {
    const offending = (await connection.runAndReadAll(sql)).currentRowCount;
    said.push({ rule: dqdl, isKept: offending === 0, offending });
  }
  return said;
}

function dqdlVerdicts({ rules, rows }: Case, outcomes: readonly DqdlOutcome[]): Verdict[] {
  expect(outcomes.length).toBe(rules.checks.length);
  return rules.checks.map(({ dqdl: rule }) => {
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
