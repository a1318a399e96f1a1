import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiSource, readApiSource } from '../../core/sources/api-source.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { type ApiHosts, LOOPBACK_APIS, PUBLIC_APIS } from '../../local/pull/fetch-page.ts';
import { type PullSummary, pull } from '../../local/pull.ts';
import { BOOKING_HEADER, BOOKING_LINE, TEST_KEY } from '../convert-input.ts';
import { type ApiServer, json, startApi, status, type Turn } from './api-server.ts';
import { digests } from './digests.ts';
import { injected } from './injected.ts';
import { startChild } from './start-child.ts';

const NAMES = BOOKING_HEADER.split(',');
const CELLS = BOOKING_LINE.split(',').map((text) => (/^[\d.]+$/.test(text) ? Number(text) : text));
const SECRET = 'a-secret-of-the-api';

let api: ApiServer;
let folder = '';
let lake = '';
let waits: number[] = [];
let clock = 0;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'laketwin-api-'));
  lake = join(folder, 'lake');
  mkdirSync(lake);
  waits = [];
  clock = Date.parse('2026-11-01T12:00:00Z');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A record with these values instead of the usual ones; `undefined` leaves a field out. */
function record(id: number, other: Readonly<Record<string, unknown>> = {}) {
  const usual = { booking_id: `B-${id}`, ...Object.fromEntries(NAMES.map((name, place) => [name, CELLS[place]])) };
  return { ...usual, ...other };
}

const page = (ids: readonly number[], next?: unknown) => json({ items: ids.map((id) => record(id)), next });
/** Two pages by token. */
const GOOD: readonly Turn[] = [page([1, 2], 'two'), page([3])];

const BROKEN: Readonly<Record<string, Turn>> = {
  '429 without a word': status(429),
  '429 with seconds': status(429, { 'retry-after': '7' }),
  '429 with a date': status(429, { 'retry-after': 'Sun, 01 Nov 2026 12:00:07 GMT' }),
  '429 with a date that is over': status(429, { 'retry-after': 'Sun, 01 Nov 2020 12:00:07 GMT' }),
  '429 with a word that is none': status(429, { 'retry-after': '-1e999; soon' }),
  '503 with seconds': status(503, { 'retry-after': '7' }),
  '500': status(500),
  '502': status(502),
  '504': status(504),
  '408': status(408),
  'a connection that is closed at once': (answer) => answer.destroy(),
  'a connection that is closed within the answer': (answer) => {
    answer.writeHead(200, { 'content-length': '5000' });
    answer.write('{"items":[', () => answer.destroy());
  },
  'chunks that break off': (answer) => {
    answer.writeHead(200);
    answer.write('{"items":[{"booking_id":"B-1"', () => answer.destroy());
  },
  'half of an answer that says it is whole': json('{"items":[{"booking_id":"B-1"'),
  'an empty answer': json(''),
  'a page for people': json('<html>try again</html>'),
  'bytes that are no text': (answer) => answer.writeHead(200).end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  'an answer that is no HTTP': (answer) => answer.socket?.end('SSH-2.0-OpenSSH\r\n'),
};

test('what may go well another time is waited out before any page, and no record is lost or doubled', async (context) => {
  const all = Object.entries(BROKEN);
  // Each comes before a page of its own, and every third of them twice.
  api.turns = all.flatMap(([, broken], n) => [broken, ...(n % 3 === 0 ? [broken] : []), page([2 * n, 2 * n + 1], n)]);
  api.turns = [...api.turns, page([1000])];
  const { pulled, run } = await pulledFrom({});
  const retries = all.length + Math.ceil(all.length / 3);
  expect(pulled).toMatchObject({ pages: all.length + 1, records: 2 * all.length + 1, retries, warnings: [] });
  expect(run).toMatchObject({ rowsIn: 2 * all.length + 1, accepted: 2 * all.length + 1, rejected: 0, duplicates: 0 });
  expect(waits).toHaveLength(retries);
  injected(context, retries);
});

test.each([
  ['seconds', 429, '7', 7000],
  ['seconds of an API that is down', 503, '7', 7000],
  ['a date', 429, 'Sun, 01 Nov 2026 12:00:07 GMT', 7000],
  ['a date that is over', 429, 'Sun, 01 Nov 2020 12:00:07 GMT', 0],
  ['no time at all', 429, '0', 0],
  ['what is none', 429, '-1e999; soon', 375],
])('a wait of %s is kept to', async (_, code, after, milliseconds) => {
  api.turns = [status(code, { 'retry-after': after }), json({ items: [] })];
  expect((await pulledFrom({})).pulled.retries).toBe(1);
  expect(waits).toEqual([milliseconds]);
});

test('fails at once where the API asks to wait longer than the limit, and takes nothing in', async (context) => {
  for (const after of ['121', '9999999999', 'Sun, 01 Nov 2027 12:00:00 GMT']) {
    api.turns = [GOOD[0] as Turn, status(429, { 'retry-after': after })];
    await refused({}, /answers 429 and asks to wait \d+ s, longer than the limit of 120 s: pull again later/);
    injected(context);
  }
  expect(waits).toEqual([]);
});

test('fails after as many attempts as are declared, and takes nothing in', async (context) => {
  for (const turn of [status(429), status(500), BROKEN['a connection that is closed at once'] as Turn]) {
    api.turns = [GOOD[0] as Turn, turn];
    await refused({ limits: { tries: 3 } }, /at page 2, 3 times; nothing was taken in/);
    expect(api.asked).toHaveLength(4);
    injected(context);
  }
  const [first = 0, second = 0] = waits;
  expect(second).toBeGreaterThan(first * 0.99);
});

test('fails when the time of the pull is over, in a wait and in an answer that never ends', async (context) => {
  api.turns = [status(429, { 'retry-after': '60' })];
  await refused({ limits: { seconds: 100 } }, /takes longer than 100 s/);
  injected(context);
  api.turns = [(answer) => answer.writeHead(200).write('{"items":[')];
  await refused({ limits: { seconds: 1, tries: 1 } }, /no whole answer in time/);
  injected(context);
}, 20_000);

test.each([400, 401, 403, 404, 410, 501])('fails at once on %i, and takes nothing in', async (code) => {
  api.turns = [GOOD[0] as Turn, status(code)];
  await refused({}, new RegExp(`answers ${code} at page 2`));
  expect(waits).toEqual([]);
});

const CIRCLES: Readonly<Record<string, readonly [object, readonly Turn[]]>> = {
  'a token that leads to itself': [{}, [page([1], 'a'), page([2], 'a')]],
  'tokens in a circle of three': [{}, [page([1], 'a'), page([2], 'b'), page([3], 'c'), page([4], 'a')]],
  'new tokens for the same page': [
    {},
    [1, 2, 3].map((n) => jsonText(`{"items":[${JSON.stringify(record(1))}]}`, { link: `<?p=${n}>; rel=next` })),
  ],
  'a link to itself': [
    { next: { by: 'link' } },
    [jsonText(itemsOf(1), { link: '</?a=1>; rel="next"' }), jsonText(itemsOf(2), { link: '</?a=1>; rel="next"' })],
  ],
  'the address of the first page': [{ next: { by: 'address', field: 'next' } }, [page([1], '/?b'), page([2], '/')]],
  'numbers that the API does not look at': [{ next: { by: 'number', parameter: 'page' } }, [page([1])]],
};

test.each(Object.keys(CIRCLES))('fails on pages that go in circles by %s', async (what) => {
  const [declared, turns] = CIRCLES[what] ?? [{}, []];
  api.turns = turns;
  const next = what.startsWith('new tokens') ? { next: { by: 'link' } } : {};
  await refused(
    { ...declared, ...next },
    /the pages of the API go in circles: page \d has the (same as|address of) page \d/,
  );
});

test('fails on more pages, bytes or answers than the limits allow', async (context) => {
  const endless: Turn = (answer, { url }) =>
    json({ items: [record(Math.random())], next: `${url.search}x` })(answer, { url, headers: {} });
  const flood: Turn = (answer) => {
    answer.writeHead(200);
    const more = () => answer.destroyed || answer.write('[1],'.repeat(20_000), more);
    answer.write('{"items":[', more);
  };
  const CASES: readonly (readonly [Turn, object, RegExp])[] = [
    [endless, { limits: { pages: 20 } }, /more than 20 pages/],
    [flood, { limits: { megabytes: 5 } }, /larger than the 5000000 bytes/],
    [jsonText(itemsOf(1), { 'content-encoding': 'gzip' }), {}, /encoding 'gzip'/],
    [json({ items: [], next: { deep: 1 } }), {}, /'next' of the answer is no text/],
  ];
  for (const [turn, declared, sentence] of CASES) {
    api.turns = [turn];
    await refused(declared, sentence);
    injected(context);
  }
});

const DRIFT: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  'the list has moved': [{ data: { items: [record(1)] } }, /'items' of the answer is not there, expected a list/],
  'the list is an object now': [{ items: { '1': record(1) } }, /'items' of the answer is an object/],
  'the list is null': [{ items: null }, /is null/],
  'the answer is a list now': [[record(1)], /is not there/],
  'the answer is a text': ['"gone"', /is not there/],
  'a column is gone': [{ items: [record(1, { route: undefined })] }, /no record bears 'route'/],
  'a column has another name': [
    { items: [record(1, { route: undefined, flight_route: 'x' })] },
    /no record bears 'route'/,
  ],
  'the key is gone': [{ items: [record(1), record(2, { booking_id: undefined })] }, /record 5 bears no 'booking_id'/],
  'the key is null': [{ items: [record(1, { booking_id: null })] }, /bears no 'booking_id'/],
  'the key is empty': [{ items: [record(1, { booking_id: '' })] }, /bears no 'booking_id'/],
  'a record is null': [{ items: [null] }, /bears no 'booking_id'/],
  'a record is a list': [{ items: [['B-1']] }, /bears no 'booking_id'/],
  'a record is a text': [{ items: ['B-1'] }, /bears no 'booking_id'/],
  'a key that only the prototype has': [`{"items":[{"__proto__":{"booking_id":"B-1"}}]}`, /bears no 'booking_id'/],
};

test.each(Object.keys(DRIFT))('fails on an API that has changed: %s', async (what) => {
  const [body, sentence] = DRIFT[what] ?? [{}, /./];
  const all = what.includes('column');
  api.turns = all ? [json(body)] : [page([7, 8], 'two'), page([9], 'three'), json(body)];
  await refused({}, sentence);
});

test('what changed in some records is rejected row by row, and a new column is told of', async (context) => {
  const changed = [
    { num_passengers: 'two' },
    { route: undefined },
    { flight_hour: 24 },
    { wants_extra_baggage: [1] },
    { sales_channel: 'Fax' },
  ];
  api.turns = [
    page([1, 2], 'two'),
    json({ items: changed.map((other, index) => record(10 + index, { ...other, loyalty: 'gold' })) }),
  ];
  const { pulled, run } = await pulledFrom({});
  expect(pulled.warnings).toEqual(["unknown columns are left out: 'loyalty'"]);
  expect(run).toMatchObject({ rowsIn: 7, accepted: 2, rejected: 5 });
  expect(Object.keys(run?.rejectedByReason ?? {}).sort()).toEqual([
    'flight_hour:maximum',
    'num_passengers:type',
    'route:missing',
    'sales_channel:enum',
    'wants_extra_baggage:type',
  ]);
  injected(context, changed.length + 1);
});

test('the same records again change nothing, and newer ones replace the old', async (context) => {
  api.turns = GOOD;
  await pulledFrom({});
  const before = digests(lake);
  api.turns = GOOD;
  const again = await pulledFrom({});
  expect(again.run?.inputs[0]?.status).toBe('already in the lake');
  expect(digests(lake)).toEqual(before);
  injected(context);
  clock += 1000;
  api.turns = [json({ items: [record(3, { num_passengers: 9 }), record(4)] })];
  expect((await pulledFrom({})).run).toMatchObject({ rowsIn: 2, accepted: 2 });
  expect(await ask('select booking_id, num_passengers from bookings order by 1')).toEqual([
    ['B-1', 2],
    ['B-2', 2],
    ['B-3', 9],
    ['B-4', 2],
  ]);
  injected(context);
}, 20_000);

test('a pull that is killed leaves nothing in the lake, and the next takes all', async (context) => {
  const declaration = join(folder, 'killed.json');
  writeFileSync(declaration, JSON.stringify({ address: `${api.origin}/`, records: 'items', next: TOKEN }));
  const MOMENTS: readonly (readonly Turn[])[] = [
    [GOOD[0] as Turn, (answer) => answer.writeHead(200).write('{"items":[{"booking_id"')],
    [GOOD[0] as Turn, status(429, { 'retry-after': '100' })],
    [() => {}],
  ];
  for (const turns of MOMENTS) {
    api.turns = turns;
    const child = startChild('pull-child.ts', [lake, declaration]);
    await until(() => api.asked.length === turns.length);
    await new Promise((done) => setTimeout(done, 100));
    child.process.kill('SIGKILL');
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(Object.keys(digests(lake))).toEqual([]);
    injected(context);
  }
  api.turns = GOOD;
  expect((await pulledFrom({})).run).toMatchObject({ rowsIn: 3, accepted: 3 });
  expect(readdirSync(join(lake, '.tmp'))).toEqual([]);
}, 60_000);

test('the secret is in no address, no message and nothing that is stored', async (context) => {
  const authorization = { variable: 'API_SECRET' };
  api.turns = [status(500), ...GOOD];
  const said: string[] = [];
  await pulledFrom({ authorization }, { say: (line: string) => said.push(line) });
  expect(api.headers.map((it) => it.authorization)).toEqual(Array(3).fill(`Bearer ${SECRET}`));
  for (const turn of [
    status(401),
    status(302, { location: 'http://127.0.0.1:1/' }),
    json({ items: [record(1)], next: 7 }),
  ]) {
    api.turns = [turn];
    await pulledFrom({ authorization, next: { by: 'address', field: 'next' }, limits: { tries: 1 } }).catch(
      (error: Error) => said.push(error.stack ?? ''),
    );
    injected(context);
  }
  for (const bad of ['', 'a\nhost: inside', 'a\0b', 'é']) {
    await expect(pulledFrom({ authorization }, { variable: () => bad })).rejects.toThrow(
      /^the environment variable API_SECRET (is not set|holds what)/,
    );
    injected(context);
  }
  expect(said.join()).toContain('check the environment variable API_SECRET');
  expect(said.join() + api.asked.join()).not.toContain(SECRET);
  const files = Object.keys(digests(lake));
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) expect([file, readFileSync(join(lake, file)).includes(SECRET)]).toEqual([file, false]);
});

// ── addresses that lead inside ──────────────────────────────────────────────────────────────────────────────────────

let visits = 0;
let canary: Server;
let port = 0;
beforeAll(async () => {
  canary = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done));
  const address = canary.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => void canary.close());

const ADDRESSES = [
  'https://127.0.0.1:PORT/x',
  'http://127.0.0.1:PORT/x',
  'https://localhost:PORT/x',
  'https://[::1]:PORT/x',
  'https://[::ffff:127.0.0.1]:PORT/x',
  'https://2130706433:PORT/x',
  'https://0x7f000001:PORT/x',
  'https://0177.0.0.1:PORT/x',
  'https://127.1:PORT/x',
  'https://0:PORT/x',
  'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/x',
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'https://169.254.169.254/latest/meta-data/',
  'https://169.254.170.2/v2/credentials',
  'https://[fd00:ec2::254]/latest/meta-data/',
  'https://10.0.0.1/x',
  'https://192.168.1.1/x',
  'https://172.16.0.1/x',
  'https://100.100.100.200/x',
  'https://user:password@api.example.com/x',
  'https://api.example.com@127.0.0.1:PORT/x',
  'file:///etc/passwd',
  'ftp://127.0.0.1:PORT/x',
  'data:application/json,[]',
  'javascript:1',
];

test('an address that leads inside is refused, and nothing is reached', async (context) => {
  for (const address of ADDRESSES) {
    const given = address.replace('PORT', String(port));
    await expect(pulledFrom({ address: given }, { hosts: PUBLIC_APIS }), address).rejects.toThrow(
      /^the (address|host) of the API/,
    );
    injected(context);
  }
  expect([visits, Object.keys(digests(lake))]).toEqual([0, []]);
});

test('a name that leads inside is refused, alone and beside a public address', async (context) => {
  for (const inner of [
    '127.0.0.1',
    '169.254.169.254',
    '10.0.0.1',
    '::1',
    'fe80::1%lo',
    'fd00:ec2::254',
    '::ffff:7f00:1',
    '0.0.0.0',
  ]) {
    for (const answer of [[inner], ['18.246.31.1', inner]]) {
      const hosts: ApiHosts = { ...PUBLIC_APIS, resolve: async () => answer };
      await expect(pulledFrom({ address: `https://api.example.com:${port}/` }, { hosts })).rejects.toThrow(
        'expected a public address',
      );
      injected(context);
    }
  }
  expect(visits).toBe(0);
});

test('a name that leads elsewhere at the second question leads nowhere: each page is asked of what was looked at', async (context) => {
  let questions = 0;
  const hosts: ApiHosts = {
    ...LOOPBACK_APIS,
    resolve: async () => (questions++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']),
  };
  const address = api.origin.replace('127.0.0.1', 'api.example.com');
  api.turns = GOOD;
  await expect(pulledFrom({ address }, { hosts })).rejects.toThrow('has 169.254.169.254, expected a public address');
  expect([api.asked.length, Object.keys(digests(lake))]).toEqual([1, []]);
  injected(context);
});

test.each([301, 302, 303, 307, 308])('fails on a redirection (%i), which is not followed', async (code) => {
  for (const location of [
    `http://127.0.0.1:${port}/x`,
    'http://169.254.169.254/latest/meta-data/',
    '//[::1]/x',
    'file:///etc/passwd',
  ]) {
    api.turns = [GOOD[0] as Turn, status(code, { location })];
    await refused({}, /answers \d+ at page 2, which points elsewhere/);
  }
  expect(visits).toBe(0);
});

test('fails on a next page that is said to be at another place', async (context) => {
  const places = [
    `http://127.0.0.1:${port}/`,
    'http://169.254.169.254/',
    'https://127.0.0.1/',
    '//localhost/',
    'file:///etc/passwd',
    `${'http://u:p@'}${'127.0.0.1'}`,
    'http://[bad',
  ];
  for (const place of places) {
    for (const [declared, turn] of [
      [{ next: { by: 'address', field: 'next' } }, page([1], place)],
      [{ next: { by: 'link' } }, jsonText(itemsOf(1), { link: `<${place}>; rel="next"` })],
    ] as const) {
      api.turns = [turn];
      await refused(declared, /the (next page is said to be at|address of the next page is no URL)/);
      injected(context);
    }
  }
  expect(visits).toBe(0);
});

test('with --allow-loopback this machine is taken by http, and what lies elsewhere inside is not', async (context) => {
  for (const address of ['http://169.254.169.254/x', 'http://10.0.0.1/x', 'https://192.168.1.1/', 'http://0.0.0.0/']) {
    await expect(pulledFrom({ address }, { hosts: LOOPBACK_APIS })).rejects.toThrow('expected a public address');
    injected(context);
  }
  const hosts = { ...LOOPBACK_APIS, resolve: async () => ['18.246.31.1'] };
  await expect(pulledFrom({ address: 'http://api.example.com/' }, { hosts })).rejects.toThrow(
    'begins with http:, expected https:',
  );
  injected(context);
});

const TOKEN = { by: 'token', field: 'next', parameter: 'cursor' } as const;

function pulledFrom(declared: object, ports: object = {}): Promise<PullSummary> {
  const source: ApiSource = readApiSource(
    JSON.stringify({ address: `${api.origin}/`, records: 'items', next: TOKEN, ...declared }),
  );
  return pull({
    lake,
    dataset: bookings,
    source,
    name: 'bookings-api',
    pseudonymKey: TEST_KEY,
    ports: {
      hosts: LOOPBACK_APIS,
      now: () => new Date(clock),
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        clock += milliseconds;
      },
      chance: () => 0.5,
      variable: (name) => (name === 'API_SECRET' ? SECRET : undefined),
      ...ports,
    },
  });
}

/** That it fails by this sentence, and leaves nothing. */
async function refused(declared: object, sentence: RegExp): Promise<void> {
  const outcome = await pulledFrom(declared).catch((error: Error) => error);
  expect(outcome).toBeInstanceOf(Error);
  expect((outcome as Error).message).toMatch(sentence);
  expect(Object.keys(digests(lake))).toEqual([]);
  expect(readdirSync(join(lake, '.tmp'))).toEqual([]);
}

function itemsOf(...ids: readonly number[]): string {
  return JSON.stringify({ items: ids.map((id) => record(id)) });
}

function jsonText(body: string, headers: Readonly<Record<string, string>>): Turn {
  return json(body, headers);
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((done) => setTimeout(done, 20));
}

async function ask(sql: string) {
  const engine = await openEngine(await openFileStore(lake), [bookings]);
  try {
    return (await engine.query(sql)).rows;
  } finally {
    await engine.close();
  }
}
