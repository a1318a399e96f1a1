import { expect, test } from 'vitest';
import type { Column, DatasetPlan } from '../contract/plan.ts';
import { rejectionsPlan } from '../lake/rejections.ts';
import { compilePerson, type PersonMatcher } from './person.ts';
import { pseudonymise, pseudonymKey } from './pseudonym.ts';

const KEY = pseudonymKey(3, new Uint8Array(32).fill(5));
const text = (name: string, privacy: Column['privacy']): Column => ({
  name,
  type: { kind: 'string' },
  nullable: true,
  description: name,
  privacy,
  origin: 'source',
});
const [customer, phone, email, route] = [
  text('customer', 'pseudonym'),
  text('phone', 'sensitive'),
  text('email', 'drop'),
  text('route', 'none'),
];
const PLAN: DatasetPlan = {
  ...rejectionsPlan,
  name: 'calls',
  columns: [customer, phone, email, route],
  clean: [{ name: 'upper', kind: 'upper', column: 'customer', description: 'raises letters' }],
};
const ZOE = 'Zoë-12';
const ways: readonly (readonly [string, PersonMatcher])[] = [
  ['the identifier', compilePerson(PLAN, KEY, { identifier: ZOE })],
  ['the pseudonym', compilePerson(PLAN, KEY, { pseudonym: pseudonymise(KEY, ZOE) })],
];

test('every column that the contract calls personal may name the person, dropped ones too', () => {
  expect(ways[0]?.[1].columns.map(({ name }) => name)).toEqual(['customer', 'phone', 'email']);
});

test.each(ways)('by %s, another letter case, spaces and Unicode form are the same person', (_, person) => {
  for (const written of [ZOE, ' zoë-12 ', 'ZOË-12', ZOE.normalize('NFD')]) {
    expect([written, person.is(written), person.isNamedBy(customer, written)]).toEqual([written, true, true]);
    expect(person.isStoredAs(phone, written)).toBe(true);
  }
  for (const other of ['Zoë-1', 'Zoë-122', 'Zoe-12', '']) expect([other, person.is(other)]).toEqual([other, false]);
  expect(person.isStoredAs(customer, pseudonymise(KEY, 'zoë-12'))).toBe(true);
  expect(person.isStoredAs(customer, ZOE)).toBe(false);
});

test.each(ways)('by %s, a person is found in a text as a word, not as a part of one', (_, person) => {
  for (const held of [ZOE, `a,"${ZOE}",b`, `{"x":"zo\\u00eb-12", torn`, `id=${ZOE};`]) {
    expect([held, person.isIn(held)]).toEqual([held, true]);
  }
  for (const other of ['', 'x', `a${ZOE}`, `${ZOE}3`, 'Zoë -12'])
    expect([other, person.isIn(other)]).toEqual([other, false]);
});

test('an identifier of several words is found in a text', () => {
  const person = compilePerson(PLAN, KEY, { identifier: 'Anna  Maria' });
  expect(person.isIn('x,anna  maria,y')).toBe(true);
  expect(person.isIn('x,anna,maria,y')).toBe(false);
});

test('fails for what names nobody, without repeating it', () => {
  expect(() => compilePerson(PLAN, KEY, { identifier: '  ' })).toThrow('nothing but spaces');
  expect(() => compilePerson(PLAN, KEY, { pseudonym: ZOE })).toThrow(/^what is given is no pseudonym, (?!.*Zoë).*$/);
});
