import { expect, test } from 'vitest';
import { dev, environment, environments, prod } from './environments.ts';

test('the environments are dev, staging and prod', () => {
  expect(environments.map(({ name }) => name)).toEqual(['dev', 'staging', 'prod']);
});

test('an account may be given', () => {
  expect(environment({ ...dev, account: '123456789012' }).account).toBe('123456789012');
});

test.each([
  [{ account: '12345' }, 'account is "12345", expected 12 digits, or nothing at all'],
  [{ region: 'Paris' }, 'region is "Paris", expected the name of a region, such as \'eu-west-3\''],
  [{ alertEmail: '' }, 'alertEmail is "", expected an e-mail address'],
  [{ alertEmail: undefined as unknown as string }, 'alertEmail is missing, expected an e-mail address'],
  [{ budgetUSD: 0 }, 'budgetUSD is 0, expected a number of US dollars from 1 to 1000000'],
  [{ scanLimitMiB: 9 }, 'scanLimitMiB is 9, expected a whole number of mebibytes from 10 to 7000000'],
  [
    { retention: { ...dev.retention, auditDays: -1 } },
    'retention.auditDays is -1, expected a whole number of days from 1 to 3650',
  ],
  [
    { reports: { keptDays: 30, receivers: { marketing: 'm@example.com', direction: 'nobody' } } },
    'reports.receivers.direction is "nobody", expected an e-mail address',
  ],
])('fails in one sentence where %j', (wrong, sentence) => {
  expect(() => environment({ ...dev, ...wrong })).toThrow(new Error(`environment 'dev': ${sentence}`));
});

test('fails where a key is unknown', () => {
  expect(() => environment({ ...dev, buget: 5 } as never)).toThrow(
    /^environment 'dev': unknown key buget, expected one/,
  );
});

test('fails where prod is without deletion protection', () => {
  expect(() => environment({ ...prod, deletionProtection: false })).toThrow(
    "environment 'prod': deletionProtection is false, expected true, for prod is never unguarded",
  );
});

test('fails where prod is without a budget', () => {
  expect(() => environment({ ...prod, budgetUSD: undefined })).toThrow(/^environment 'prod': budgetUSD is missing/);
});
