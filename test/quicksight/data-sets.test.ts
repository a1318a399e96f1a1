import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineDataset } from '../../core/contract/define-dataset.ts';
import { pseudonym } from '../../core/contract/types.ts';
import { datasets } from '../../datasets/index.ts';
import { columnRules, withoutSensitive } from '../../lib/quicksight/column-rules.ts';
import { dataSetProperties, ruleSetProperties, schedules } from '../../lib/quicksight/data-set.ts';
import { refuseUnknownRules, ruleSet } from '../../lib/quicksight/row-rules.ts';
import { type ShownSet, setSql } from '../../lib/quicksight/shown-set.ts';
import { checkDialect } from '../../local/dialect.ts';
import { installMacros } from '../../local/macros.ts';
import { problemsOf } from '../../proof/check/payloads/payloads.ts';
import { compiledSet, dataSetArn, SOURCES } from './compiled.ts';

const GROUPS = { analysts: 'lake-analysts', marketing: 'lake-marketing', direction: 'lake-direction' };
const { shown } = compiledSet('fr');
const setOf = (source: string): ShownSet => {
  const found = shown.find((one) => one.source === source);
  if (found === undefined) throw new Error(`there is no data set '${source}'`);
  return found;
};

test('the SQL of every data set is in the dialect that Athena shares, and gives the columns that are declared', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await installMacros(connection);
  await connection.run('attach \':memory:\' as "AwsDataCatalog"; create schema "AwsDataCatalog".lake');
  for (const one of shown) {
    const columns = (SOURCES[one.source] ?? []).map(
      ({ name, athenaType }) => `${name} ${athenaType.replace(/\(.*/, '')}`,
    );
    await connection.run(`create table "AwsDataCatalog".lake.${one.source} (${columns.join(', ')})`);
    const sql = setSql(one, 'lake');
    checkDialect(sql);
    const answer = await connection.runAndReadAll(sql);
    expect(answer.columnNames()).toEqual(one.columns.map(({ name }) => name));
  }
  connection.closeSync();
  instance.closeSync();
});

test('codes are shown in the language of the environment, and sorted as the codes are', () => {
  const sql = setSql(setOf('completion_by_lead_time'), 'lake');
  expect(sql).toContain("when '2: 7-29 days' then '7–29 jours'");
  expect(sql).toContain('dense_rank() over (order by lead_time_bucket) as lead_time_bucket_place');
});

test('what operations look at is asked at each look, all else is kept and read anew', () => {
  expect(schedules(setOf('freshness'))).toEqual([]);
  expect(schedules(setOf('completion_by_origin')).map(({ RefreshType }) => RefreshType)).toEqual(['FULL_REFRESH']);
  expect(schedules(setOf('daily_bookings')).map(({ RefreshType }) => RefreshType)).toEqual([
    'INCREMENTAL_REFRESH',
    'FULL_REFRESH',
  ]);
  expect(propertiesOf(setOf('daily_bookings'))).toMatchObject({
    ImportMode: 'SPICE',
    DataSetRefreshProperties: {
      RefreshConfiguration: { IncrementalRefresh: { LookbackWindow: { ColumnName: 'event_date' } } },
    },
  });
  expect(propertiesOf(setOf('freshness')).ImportMode).toBe('DIRECT_QUERY');
});

test('the model of the SDK takes every data set', () => {
  const rules = ruleSet(setOf('completion_by_week'), { marketing: { sales_channel: ['Internet'] } }, GROUPS);
  if (rules === undefined) throw new Error('there are no rules');
  const parts = [...shown.map(propertiesOf), ruleSetProperties(rules, 'rules', 'arn:aws:quicksight:::source')];
  const requests = parts.map((all) => {
    const { DataSetRefreshProperties: _, ...parameters } = { DataSetRefreshProperties: undefined, ...all };
    return {
      service: 'quicksight',
      operation: 'createDataSet',
      parameters: { AwsAccountId: '111122223333', ...parameters },
    };
  });
  expect(problemsOf(requests)).toEqual(requests.map(() => []));
});

test('a confined group sees its rows, the others all of them', async () => {
  const rules = ruleSet(setOf('completion_by_week'), { marketing: { sales_channel: ['Internet', "Mo'bile"] } }, GROUPS);
  expect(rules?.columns).toEqual(['sales_channel']);
  expect(await rowsOf(rules?.sql ?? '')).toEqual([
    ['lake-analysts', null],
    ['lake-marketing', 'Internet'],
    ['lake-marketing', "Mo'bile"],
    ['lake-direction', null],
  ]);
});

test('totals that cannot be narrowed are closed to a confined group', async () => {
  const rules = ruleSet(setOf('completion_by_origin'), { marketing: { sales_channel: ['Internet'] } }, GROUPS);
  expect(rules?.columns).toEqual(['row_scope']);
  expect(await rowsOf(rules?.sql ?? '')).toEqual([
    ['lake-analysts', null],
    ['lake-direction', null],
  ]);
});

test('a group that is confined by two columns sees nothing of a data set that has one of them', async () => {
  const both = { marketing: { sales_channel: ['Internet'], booking_origin: ['France'] } };
  const rules = ruleSet(setOf('completion_by_week'), both, GROUPS);
  expect((await rowsOf(rules?.sql ?? '')).map(([group]) => group)).toEqual(['lake-analysts', 'lake-direction']);
});

test('without rules no data set is guarded by any', () => {
  expect(ruleSet(setOf('completion_by_week'), {}, GROUPS)).toBeUndefined();
});

test('fails for rows that are confined by an unknown column, a personal one, or to an unknown value', () => {
  const refused = (rows: Readonly<Record<string, readonly string[]>>) => () =>
    refuseUnknownRules({ marketing: rows }, datasets);
  expect(refused({ sales_channel: ['Internet'], booking_origin: ['France'] })).not.toThrow();
  expect(refused({ country: ['France'] })).toThrow("rows of marketing are confined by 'country', expected one of ");
  expect(refused({ customer_id: ['x'] })).toThrow("confined by 'customer_id'");
  expect(refused({ sales_channel: ['Web'] })).toThrow("to 'Web', expected sales_channel to be of Internet, Mobile");
});

const people = defineDataset({
  name: 'people',
  description: 'One row per person.',
  key: ['person_id'],
  retention: { rawDays: 1, processedDays: 1 },
  row: z.object({
    person_id: z.string().meta({ description: 'Id.' }),
    customer_id: pseudonym().meta({ description: 'Pseudonym.', privacy: 'pseudonym' }),
    health: z.string().meta({ description: 'Health.', privacy: 'sensitive' }),
  }),
});

test('pseudonyms and keys are for analysts alone, under whatever name, and sensitive columns are in no data set', () => {
  const text = (name: string, expression = name) => ({ name, type: 'STRING' as const, expression });
  const whole: ShownSet = {
    source: 'people',
    isLive: false,
    timeColumn: undefined,
    columns: [text('person_id'), text('customer_id'), text('customer_text', 'upper(customer_id)'), text('health')],
  };
  const safe = withoutSensitive(whole, [people]);
  expect(safe.columns.map(({ name }) => name)).toEqual(['person_id', 'customer_id', 'customer_text']);
  expect(columnRules(safe, [people], 'analysts')).toEqual([
    { Principals: ['analysts'], ColumnNames: ['person_id', 'customer_id', 'customer_text'] },
  ]);
});

function propertiesOf(one: ShownSet) {
  return dataSetProperties(one, {
    id: one.source,
    dataSourceArn: 'arn:aws:quicksight:eu-west-3:111122223333:datasource/lake',
    database: 'lake',
    columnRules: [],
    rules: { set: { name: 'rules', columns: ['row_scope'], sql: '' }, arn: dataSetArn('rules') },
  });
}

async function rowsOf(sql: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(sql);
  const rows = answer.getRows();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
