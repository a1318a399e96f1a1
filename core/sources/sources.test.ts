import { describe, expect, test } from 'vitest';
import { readApiSource } from './api-source.ts';
import { memberText } from './member-text.ts';
import { firstAddress, nextAddress } from './next-address.ts';
import { readPage } from './read-page.ts';
import { askedWait, ownWait } from './retry-wait.ts';

const ADDRESS = 'https://api.example.com/v1/bookings?since=2026-01-01';
const sourceOf = (declared: object) => readApiSource(JSON.stringify({ address: ADDRESS, ...declared }));

test('records keep every digit, whatever their white space', () => {
  const text =
    '{"a":[0],\n "data" : {"n":1,"items":[ {"id": 1234567890123456789,\r\n "price":0.10, "t":"a\\n]}\\""} ,\n{"id":1e2}]}}';
  expect(
    readPage(sourceOf({ records: 'data.items' }), text)?.records.map((it) => it.replaceAll(/ +/g, ' ').trim()),
  ).toEqual(['{"id": 1234567890123456789, "price":0.10, "t":"a\\n]}\\""}', '{"id":1e2}']);
  expect(readPage(sourceOf({}), ' [ ] ')?.records).toEqual([]);
  expect(readPage(sourceOf({}), '[1')).toBeUndefined();
});

test('the text of a member is that of the value which JSON.parse finds', () => {
  const text = '{"x":{"a":1},"\\u0078":{"a":[1,{"b":"}"}], "c":-1.50 }, "y":true,"z":"","":{}}';
  for (const path of ['x', 'x.a', 'x.c', 'y', 'z']) {
    const value = path.split('.').reduce((at, name) => at[name], JSON.parse(text));
    expect([path, JSON.parse(memberText(text, path) ?? '')]).toEqual([path, value]);
  }
  for (const path of ['q', 'x.q', 'y.q', '__proto__', 'x.constructor']) expect(memberText(text, path)).toBeUndefined();
});

describe('the next page', () => {
  const answered = (more: object) => ({
    address: new URL(ADDRESS),
    page: 1,
    records: 1,
    answer: {},
    link: undefined,
    ...more,
  });
  test.each<[string, object, object, string | undefined]>([
    [
      'a link',
      { by: 'link' },
      { link: '<?p=1>; rel="prev", </v1/x?a=1,2>; title="a, b"; rel="last next"' },
      'https://api.example.com/v1/x?a=1,2',
    ],
    ['a link without quotes', { by: 'link' }, { link: '<?p=3>;rel=next' }, 'https://api.example.com/v1/bookings?p=3'],
    ['no link', { by: 'link' }, { link: '<?p=1>; rel="prev"; title="rel=next"' }, undefined],
    [
      'a token',
      { by: 'token', field: 'm.n', parameter: 'cursor' },
      { answer: { m: { n: 'a/b=&c' } } },
      `${ADDRESS}&cursor=a%2Fb%3D%26c`,
    ],
    [
      'a token that replaces the one before',
      { by: 'token', field: 'n', parameter: 'since' },
      { answer: { n: 7 } },
      'https://api.example.com/v1/bookings?since=7',
    ],
    ['a token that is null', { by: 'token', field: 'n', parameter: 'c' }, { answer: { n: null } }, undefined],
    ['a token of the prototype', { by: 'token', field: 'constructor', parameter: 'c' }, {}, undefined],
    ['an address', { by: 'address', field: 'next' }, { answer: { next: '/v2?x' } }, 'https://api.example.com/v2?x'],
    ['a number', { by: 'number', parameter: 'page' }, {}, `${ADDRESS}&page=2`],
    ['a number from 0', { by: 'number', parameter: 'page', first: 0 }, {}, `${ADDRESS}&page=1`],
    ['a number after a page without records', { by: 'number', parameter: 'page' }, { records: 0 }, undefined],
    ['nothing', { by: 'nothing' }, { link: '<?p=3>;rel=next' }, undefined],
  ])('is found by %s', (_, next, answer, expected) => {
    expect(nextAddress(sourceOf({ next }), answered(answer))?.href).toBe(expected);
  });

  test('the first page has the first number', () => {
    expect(firstAddress(sourceOf({ next: { by: 'number', parameter: 'page' } })).href).toBe(`${ADDRESS}&page=1`);
  });
});

test('a wait is asked for in seconds or by a date, and is else twice as long each time', () => {
  const now = new Date('2026-11-01T12:00:00Z');
  const asked = [
    '7',
    ' 0 ',
    'Sun, 01 Nov 2026 12:01:00 GMT',
    'Sunday, 01-Nov-26 12:01:00 GMT',
    '2026',
    '-1',
    'soon',
    '',
  ];
  expect(asked.map((header) => askedWait(header, now))).toEqual([
    7000,
    0,
    60_000,
    60_000,
    2_026_000,
    undefined,
    undefined,
    undefined,
  ]);
  expect([1, 2, 3, 20].map((attempt) => ownWait(attempt, 1))).toEqual([500, 1000, 2000, 30_000]);
  expect(ownWait(1, 0)).toBe(250);
});

test.each<[string, string, RegExp]>([
  ['no JSON', 'address: x', /is no JSON/],
  ['no address', '{}', /wrong at 'address'/],
  [
    'an unknown field',
    JSON.stringify({ address: ADDRESS, token: 'secret' }),
    /wrong at 'the declaration': unrecognized key/,
  ],
  [
    'a secret in the place of a name',
    JSON.stringify({ address: ADDRESS, authorization: { variable: 'ey.x y' } }),
    /the name of an environment variable, not its value/,
  ],
  [
    'an unknown way to the next page',
    JSON.stringify({ address: ADDRESS, next: { by: 'magic' } }),
    /wrong at 'next.by'/,
  ],
  ['a limit of none', JSON.stringify({ address: ADDRESS, limits: { pages: 0 } }), /wrong at 'limits.pages'/],
])('fails on a declaration with %s', (_, text, sentence) => {
  expect(() => readApiSource(text)).toThrow(sentence);
});
