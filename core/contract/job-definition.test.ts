import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { jobDefinition } from './job-definition.ts';

const define = (sql: string) => jobDefinition(bookings, [{ table: 'bookings', sql, fingerprint: 'f' }]);

test('the definition says what settling hangs on', () => {
  const { schema, ...definition } = define('select route from settled_bookings');
  expect(schema.fields.map(({ name }) => name)).toEqual(bookings.columns.map(({ name }) => name));
  expect(definition.newestFirst.slice(0, 4)).toEqual(['event_time', 'ingested_at', 'source_line', 'customer_id']);
  expect(definition.newestFirst).toHaveLength(bookings.columns.length - 1);
  expect(definition.content).not.toContain('booking_id');
  expect(definition.content).not.toContain('ingested_at');
  expect(definition).toMatchObject({ key: ['booking_id'], settled: 'settled_bookings', partitionBy: 'ingest_date' });
});

test('the curated SQL that comes with Laketwin is the same on all engines', () => {
  const sql = readFileSync(new URL('../../sql/bookings/curated/bookings.sql', import.meta.url), 'utf8');
  expect(define(sql).tables).toEqual([{ table: 'bookings', sql, fingerprint: 'f' }]);
});

test('quoted names, texts and comments are no SQL', () => {
  expect(() => define(`-- a/b over\nselect "limit", 'a/b[1]' as x from settled_bookings /* group by */`)).not.toThrow();
});

const REFUSED = [
  ['select purchase_lead / 2 as x', "a division with '/'"],
  ['select skills[1] as x', "an element in '['"],
  ['select distinct route', 'more than one row at a time'],
  ['select count(*) over (partition by route) as x', 'more than one row at a time'],
  ['select route, max(num_passengers) as x group by route', 'more than one row at a time'],
  ['select round(flight_duration) as x', 'round(…)'],
  ['select greatest(1, num_passengers) as x', 'greatest(…)'],
  ["select regexp_extract(route, 'A') as x", 'regexp_extract(…)'],
  ['select cast(flight_duration as integer) as x', 'a cast to integer'],
  ['select cast(flight_duration as varchar) as x', 'a cast to varchar'],
  ['select cast(flight_duration as varchar(10)) as x', 'varchar(…)'],
  ['select current_date as x', 'the present'],
  ["select event_time + interval '1' day as x", 'an interval'],
  ['select substr(route, 0, 3) as x', 'substr from 0'],
  ["select 'it''s' as x", "a quote or a backslash in 'it''s'"],
  ["select 'a\\b' as x", "a quote or a backslash in 'a\\b'"],
] as const;

test.each(REFUSED)('fails on %s', (sql, what) => {
  expect(() => define(`-- a comment\n${sql} from settled_bookings`)).toThrow(
    `sql/bookings/curated/bookings.sql, line 2: ${what} is not the same on Spark and Athena, expected `,
  );
});
