import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { bookings } from '../../datasets/bookings/contract.ts';
import { arbitraryBrokenRow, arbitraryRow } from '../../test/fixtures/arbitrary-row.ts';
import { businessInvoices } from '../../test/fixtures/business-invoices.ts';
import { ecommerceEvents } from '../../test/fixtures/ecommerce-events.ts';
import { jobOffers } from '../../test/fixtures/job-offers.ts';
import { type Dataset, planOf } from './define-dataset.ts';
import { storedColumns } from './plan.ts';
import { compileValidator } from './validator.ts';

const ROWS_A_KIND = 13_000;

describe.each([bookings, ecommerceEvents, jobOffers, businessInvoices])(
  'the generated checks of $name',
  (dataset: Dataset) => {
    const validator = compileValidator(planOf(dataset));
    const stored = new Set(storedColumns(dataset).map((column) => column.name));
    // A column of class drop is never stored: zod is asked about the rest.
    const schema = z.object(Object.fromEntries(Object.entries(dataset.row.shape).filter(([name]) => stored.has(name))));

    test('say of clean rows what zod says', () => {
      fc.assert(
        fc.property(arbitraryRow(dataset), (row) => {
          expect(validator.accepts(row)).toBe(true);
          expect(schema.safeParse(row).success).toBe(true);
          expect(validator.reasonOf(row)).toBeUndefined();
        }),
        { numRuns: ROWS_A_KIND, seed: 1 },
      );
    });

    test('say of broken rows what zod says, and name the first column that zod names', () => {
      fc.assert(
        fc.property(arbitraryBrokenRow(dataset), (row) => {
          const verdict = schema.safeParse(row);
          expect(validator.accepts(row)).toBe(verdict.success);
          if (!verdict.success) expect(validator.reasonOf(row)?.column).toBe(String(verdict.error.issues[0]?.path[0]));
        }),
        { numRuns: ROWS_A_KIND, seed: 2 },
      );
    });
  },
);

test.each([null, undefined, 1, 'text', [], () => 1])('fails for %s, which is no row', (value) => {
  const validator = compileValidator(bookings);
  expect(validator.accepts(value)).toBe(bookings.row.safeParse(value).success);
  expect(validator.reasonOf(value)).toMatchObject({ column: 'row', rule: 'type' });
});

test('a reason says what was found and what would be right', () => {
  const row = fc.sample(arbitraryRow(bookings), { seed: 3, numRuns: 1 })[0];
  expect(compileValidator(bookings).reasonOf({ ...row, num_passengers: 12 })).toEqual({
    column: 'num_passengers',
    rule: 'maximum',
    message: 'found 12, expected a whole number from 1 to 9',
  });
});

test('a reason never shows the value of a column that is not free to read', () => {
  const row = fc.sample(arbitraryRow(bookings), { seed: 3, numRuns: 1 })[0];
  const reason = compileValidator(bookings).reasonOf({ ...row, customer_id: 'secret-person' });
  expect(reason?.rule).toBe('pattern');
  expect(JSON.stringify(reason)).not.toContain('secret-person');
});
