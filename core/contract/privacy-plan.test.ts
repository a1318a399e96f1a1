import { expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { businessInvoices } from '../../test/fixtures/business-invoices.ts';
import { jobOffers } from '../../test/fixtures/job-offers.ts';
import { maskedColumns, privacyPlan, ROLES } from './privacy-plan.ts';

test('a pseudonym is for engineers and analysts, a sensitive column for engineers', () => {
  const masked = (plan: typeof bookings) => Object.fromEntries(ROLES.map((role) => [role, maskedColumns(plan, role)]));
  expect(masked(bookings)).toEqual({
    engineer: [],
    analyst: [],
    marketing: ['customer_id'],
    direction: ['customer_id'],
  });
  const hidden = ['customer_name'];
  expect(masked(businessInvoices)).toEqual({ engineer: [], analyst: hidden, marketing: hidden, direction: hidden });
});

test('a dropped column is in the plan, read by nobody and kept no day', () => {
  expect(privacyPlan(jobOffers).columns.find(({ column }) => column === 'contact_email')).toEqual({
    column: 'contact_email',
    privacy: 'drop',
    readers: [],
    atIngestion: 'left out; never stored',
    keptDays: 0,
  });
  for (const role of ROLES) expect(maskedColumns(jobOffers, role)).not.toContain('contact_email');
});

test('the plan of bookings says how long each zone is kept and who reads the bytes as they came', () => {
  const { columns, ...plan } = privacyPlan(bookings);
  expect(plan).toEqual({
    dataset: 'bookings',
    holdsPersonalData: true,
    rawDays: 90,
    rawReaders: ['engineer'],
    rejectedDays: 90,
    processedDays: 730,
  });
  expect(columns.find(({ column }) => column === 'customer_id')?.atIngestion).toMatch(/keyed HMAC/);
});
