import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defineAlerts } from './define-alerts.ts';
import { evaluateAlerts } from './evaluate-alerts.ts';
import { insightsOf, wilsonInterval } from './insights.ts';
import type { AlertMessage, AlertRule, AlertStates, Contribution } from './types.ts';

const RULE: AlertRule = {
  id: 'warm',
  severity: 'warning',
  audience: 'operations',
  title: { en: 'It is warm', fr: 'Il fait chaud' },
  advice: { en: 'Open a window.', fr: 'Ouvrez une fenêtre.' },
  query: 'warm',
  format: 'rate',
  raiseWhen: 'above',
  raiseAt: 0.05,
  clearAt: 0.03,
  leastN: 10,
  consecutive: 2,
  everyMinutes: 5,
  needs: [],
};
const SET = defineAlerts({ dataset: 'rooms', rules: [RULE], words: {} });

/** The messages of a sequence of values, by the place of the evaluation that sent them. */
function told(values: readonly (number | null | { readonly value: number; readonly n: number })[]): string[] {
  return run(values).map(({ place, message }) => `${place} ${message.id}`);
}

function run(values: readonly (number | null | { readonly value: number; readonly n: number })[]) {
  let states: AlertStates = {};
  const sent: { readonly place: number; readonly message: AlertMessage }[] = [];
  for (const [place, given] of values.entries()) {
    const { value, n } = typeof given === 'object' && given !== null ? given : { value: given, n: 1000 };
    const now = new Date(Date.UTC(2026, 0, 1, 0, place * 5));
    const seen = { id: 'warm', value, n, period: 'an hour', interval: [0.04, 0.09] as const };
    const after = evaluateAlerts(SET, states, [seen], now);
    states = after.states;
    for (const message of after.messages) sent.push({ place, message });
  }
  return sent;
}

test('one incident is one message and its end another, however often it is looked at', () => {
  expect(told([0.01, 0.06, 0.06, 0.09, 0.2, 0.06, 0.02, 0.02, 0.02])).toEqual([
    '2 rooms/warm/1/raised',
    '7 rooms/warm/1/cleared',
  ]);
});

test('a value between the two limits changes nothing', () => {
  expect(told([0.06, 0.04, 0.06, 0.04])).toEqual([]);
  expect(told([0.06, 0.06, 0.02, 0.04, 0.02, 0.04, 0.06])).toEqual(['1 rooms/warm/1/raised']);
});

test('too few observations, and none, neither raise nor clear', () => {
  const few = { value: 0.5, n: 9 };
  expect(told([few, few, few, null])).toEqual([]);
  expect(told([0.06, 0.06, null, null, { value: 0, n: 3 }])).toEqual(['1 rooms/warm/1/raised']);
});

test('raised and cleared take turns, each under an id of its own, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0.02, 0.03, 0.04, 0.05, 0.06, 0.5, null), { maxLength: 60 }), (values) => {
      const ids = told(values).map((line) => line.split(' ')[1]);
      expect(ids).toEqual(ids.map((_, at) => `rooms/warm/${1 + Math.floor(at / 2)}/${at % 2 ? 'cleared' : 'raised'}`));
    }),
  );
});

test('a message says the value, n, the interval, the limit and what to do, in both languages', () => {
  const [raised] = run([0.06, 0.065]);
  expect(raised?.message).toMatchObject({
    kind: 'raised',
    at: '2026-01-01T00:05:00.000Z',
    title: { en: 'It is warm', fr: 'Il fait chaud' },
    text: {
      en: '6.5% (n = 1,000, 95 % interval 4.0% to 9.0%), an hour; the limit is 5.0%. Open a window.',
    },
  });
  expect(raised?.message.text.fr).toMatch(/^6,5\s%.* ; le seuil est de 5,0\s%\. Ouvrez une fenêtre\.$/);
});

test('the biggest contributions in the direction of the change become sentences, small samples do not', () => {
  const one = (segment: string, contribution: number, attempts = 400): Contribution => ({
    dimension: 'sales_channel',
    segment,
    attempts,
    attemptsBefore: 500,
    rateBefore: 0.15,
    rateNow: 0.1,
    contribution,
  });
  const set = { ...SET, words: { Mobile: { en: 'Mobile', fr: 'Téléphone' } } };
  const all = [one('A', 0.01), one('B', -0.002), one('Mobile', -0.0123), one('tiny', -0.2, 29)];
  const { en, fr } = insightsOf(set, all, true);
  expect(en).toEqual([
    'Mobile (channel): 10.0% (n = 400, 95 % interval 7.4% to 13.3%) over 28 days, 15.0% (n = 500) over the 28 before: -1.23 pt of the change.',
    expect.stringMatching(/^B \(channel\)/),
  ]);
  expect(fr[0]).toMatch(/^Téléphone \(canal\) : 10,0\s% .*-1,23 pt de la variation\.$/);
  expect(insightsOf(set, all, false).en).toHaveLength(1);
  expect(insightsOf(set, [one('B', -0.002)], true).en).toEqual([]);
});

test('the interval is that of the views', () => {
  // Of completion_by_channel.sql for 40 of 400.
  const [low, high] = wilsonInterval(0.1, 400);
  const spread = 1.96 * Math.sqrt(3.8416 + (4 * 40 * 360) / 400);
  expect(low).toBeCloseTo((80 + 3.8416 - spread) / (800 + 7.6832), 12);
  expect(high).toBeCloseTo((80 + 3.8416 + spread) / (800 + 7.6832), 12);
});

test.each([
  [{ clearAt: 0.06 }, "the alert 'warm' of rooms is cleared at 0.06, expected a value below 0.05"],
  [{ id: 'Warm' }, "the alert 'Warm' of rooms has an id that is not kebab-case"],
  [{ consecutive: 0 }, "the alert 'warm' of rooms has consecutive 0, expected a whole number from 1"],
])('fails on a rule with %o', (wrong, sentence) => {
  expect(() => defineAlerts({ ...SET, rules: [{ ...RULE, ...wrong }] })).toThrow(sentence);
});

test('fails on two rules of one id', () => {
  expect(() => defineAlerts({ ...SET, rules: [RULE, RULE] })).toThrow("the alert 'warm' of rooms is there twice");
});
