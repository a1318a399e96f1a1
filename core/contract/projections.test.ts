import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { arbitraryPlan } from '../../test/engines/arbitrary-plan.ts';
import { businessInvoices } from '../../test/fixtures/business-invoices.ts';
import { ecommerceEvents } from '../../test/fixtures/ecommerce-events.ts';
import { jobOffers } from '../../test/fixtures/job-offers.ts';
import { rejectionsPlan } from '../lake/rejections.ts';
import { athenaDdl } from './athena-ddl.ts';
import { type ContractJson, contractJson } from './contract-json.ts';
import { dictionaryPage } from './dictionary-page.ts';
import { glueColumns } from './glue-columns.ts';
import { parquetSchema, type SchemaElement } from './parquet-schema.ts';
import { type DatasetPlan, type LakeKind, storedColumns } from './plan.ts';
import { privacyPlan } from './privacy-plan.ts';
import { qualityRules } from './quality-rules.ts';
import { quicksightColumns } from './quicksight-columns.ts';
import { sparkSchema } from './spark-schema.ts';

const PLANS: readonly DatasetPlan[] = [bookings, ecommerceEvents, jobOffers, businessInvoices, rejectionsPlan];
const TABLE = { database: 'lake', location: 's3://bucket/table' };

/** What each projection says the stored columns are. */
const NAMES: Readonly<Record<string, (plan: DatasetPlan) => readonly string[]>> = {
  parquet: (plan) => topLevel(parquetSchema(plan)),
  glue: (plan) => glueColumns(plan).map(({ name }) => name),
  athena: (plan) => [...columnPart(athenaDdl(plan, TABLE)).matchAll(/^ {2}`([^`]+)`/gm)].map(([, name = '']) => name),
  spark: (plan) => sparkSchema(plan).fields.map(({ name }) => name),
  dictionary: (plan) =>
    [...tableOf(dictionaryPage(plan), 'Columns').matchAll(/^\| `([^`.[]+)` \|/gm)].map(([, name = '']) => name),
  privacy: (plan) =>
    privacyPlan(plan)
      .columns.filter(({ privacy }) => privacy !== 'drop')
      .map(({ column }) => column),
};

describe.each(Object.entries(NAMES))('the %s projection', (_, namesOf) => {
  test.each(PLANS.map((plan) => [plan.name, plan] as const))(
    'has the stored columns of %s in storage order',
    (_, plan) => {
      expect(namesOf(plan)).toEqual(storedColumns(plan).map(({ name }) => name));
    },
  );

  test('has the stored columns of any plan in storage order', () => {
    fc.assert(
      fc.property(arbitraryPlan(), (plan) => {
        expect(namesOf(plan)).toEqual(storedColumns(plan).map(({ name }) => name));
      }),
    );
  });
});

test('QuickSight has the free columns in storage order, without lists and structures', () => {
  fc.assert(
    fc.property(arbitraryPlan(), (plan) => {
      const nested: readonly LakeKind[] = ['array', 'struct'];
      const flat = storedColumns(plan).filter(({ type }) => !nested.includes(type.kind));
      expect(quicksightColumns(plan).map(({ name }) => name)).toEqual(flat.map(({ name }) => name));
    }),
  );
  expect(quicksightColumns(businessInvoices).map(({ name }) => name)).not.toContain('customer_name');
  expect(quicksightColumns(businessInvoices, 'engineer').map(({ name }) => name)).toContain('customer_name');
});

test('every column that is never null has a rule of completeness, and no other', () => {
  fc.assert(
    fc.property(arbitraryPlan(), (plan) => {
      const complete = qualityRules(plan).flatMap((rule) => (rule.kind === 'complete' ? [rule.column] : []));
      const required = storedColumns(plan).filter(({ nullable }) => !nullable);
      expect(complete).toEqual(required.map(({ name }) => name));
    }),
  );
});

test('the contract JSON holds the plan and nothing else, in the same bytes whatever the order of its keys', () => {
  for (const plan of PLANS) {
    const text = contractJson(plan);
    const { dataset } = JSON.parse(text) as ContractJson;
    const { row: _row, ...plain } = plan as DatasetPlan & { row?: unknown };
    expect(dataset).toEqual(JSON.parse(JSON.stringify(plain)));
    expect(contractJson(Object.fromEntries(Object.entries(dataset).reverse()) as unknown as DatasetPlan)).toBe(text);
  }
});

function topLevel(elements: readonly SchemaElement[]): string[] {
  const names: string[] = [];
  for (let at = 1; at < elements.length; at = after(elements, at)) names.push(elements[at]?.name ?? '');
  return names;
}

/** Index of the element behind one and all its children. */
function after(elements: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (elements[at]?.num_children ?? 0); child += 1) next = after(elements, next);
  return next;
}

function columnPart(ddl: string): string {
  return ddl.slice(0, ddl.indexOf('\n)'));
}

function tableOf(page: string, heading: string): string {
  const from = page.indexOf(`## ${heading}\n`);
  return page.slice(from, page.indexOf('\n## ', from + 1));
}
