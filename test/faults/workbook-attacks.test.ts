import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { runLake } from '../../local/runner.ts';
import { BOOKING_HEADER, BOOKING_LINE } from '../convert-input.ts';
import { frameBytes } from '../framed-lines.ts';
import { type Book, entriesOf, relations, rowOf, workbookOf, type ZipEntry, zipOf } from '../workbook-file.ts';
import { digests } from './digests.ts';
import { injected } from './injected.ts';

const HEAD = rowOf(1, BOOKING_HEADER.split(','));
const CELLS = BOOKING_LINE.split(',');
const GOOD: Book = { rows: HEAD + rowOf(2, CELLS) };
const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const SHEET = 'xl/worksheets/sheet1.xml';

let folder = '';
let lake = '';
let before: Readonly<Record<string, string>>;
let visits = 0;
const canary = createServer((_, answer) => {
  visits += 1;
  answer.end('<!ENTITY x "y">');
});
let place = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'laketwin-workbooks-'));
  lake = join(folder, 'lake');
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'secret'), 'a-secret-of-this-machine');
  await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done));
  place = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/x`;
  await take('first.xlsx', workbookOf(GOOD));
  before = digests(lake);
});
afterAll(() => {
  canary.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the workbook that the attacks are made of is taken in', () => {
  expect(Object.keys(before).some((key) => key.startsWith('curated/'))).toBe(true);
});

/** A sheet with a document type, and a cell that names an entity of it. */
function withDtd(dtd: string, cell = '&x;', root = 'worksheet'): Book {
  const rows = HEAD + rowOf(2, CELLS.with(8, cell));
  return {
    ...GOOD,
    parts: { [SHEET]: `${XML}<!DOCTYPE ${root} ${dtd}><worksheet><sheetData>${rows}</sheetData></worksheet>` },
  };
}

const LAUGHS = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

const XXE: Readonly<Record<string, () => Book>> = {
  'an external entity that reads a file': () => withDtd(`[<!ENTITY x SYSTEM "file://${folder}/secret">]`),
  'an external entity that asks an address': () => withDtd(`[<!ENTITY x SYSTEM "${place}">]`),
  'an external entity by a public name': () => withDtd(`[<!ENTITY x PUBLIC "a" "${place}">]`),
  'an external parameter entity': () => withDtd(`[<!ENTITY % x SYSTEM "${place}"> %x;]`, 'France'),
  'a parameter entity that sends a file away': () =>
    withDtd(`[<!ENTITY % f SYSTEM "file://${folder}/secret"><!ENTITY % x SYSTEM "${place}"> %x;]`, 'France'),
  'an external document type': () => withDtd(`SYSTEM "${place}"`, 'France'),
  'a harmless document type': () => withDtd('[]', 'France'),
  'billion laughs': () => withDtd(`[<!ENTITY l0 "ha">${LAUGHS}]`, '&l9;'),
  'billion laughs in an attribute': () =>
    withDtd(`[<!ENTITY l0 "ha">${LAUGHS}<!ATTLIST row x CDATA "&l9;">]`, 'France'),
  'quadratic blowup': () => withDtd(`[<!ENTITY x "${'a'.repeat(100_000)}">]`, '&x;'.repeat(10_000)),
  'an entity that names itself': () => withDtd('[<!ENTITY x "&x;">]'),
  'a document type in the shared texts': () => ({
    ...GOOD,
    parts: {
      'xl/sharedStrings.xml': `${XML}<!DOCTYPE sst [<!ENTITY x SYSTEM "${place}">]><sst><si><t>&x;</t></si></sst>`,
    },
  }),
  'a document type in the styles': () => ({
    ...GOOD,
    parts: { 'xl/styles.xml': `${XML}<!DOCTYPE s SYSTEM "${place}"><s/>` },
  }),
  'a document type in the list of sheets': () => ({
    ...GOOD,
    parts: { 'xl/workbook.xml': `${XML}<!DOCTYPE w SYSTEM "${place}"><workbook/>` },
  }),
  'a document type in the content types': () => ({
    ...GOOD,
    parts: { '[Content_Types].xml': `${XML}<!DOCTYPE w SYSTEM "${place}"><Types/>` },
  }),
  'a document type without an end': () => ({
    ...GOOD,
    parts: { [SHEET]: `${XML}<!DOCTYPE a [${' '.repeat(9_000_000)}` },
  }),
  'a document type in UTF-16': () => ({
    ...GOOD,
    parts: { [SHEET]: Buffer.from(`\ufeff<!DOCTYPE a SYSTEM "${place}"><worksheet/>`, 'utf16le') },
  }),
  'a document type in an encoding that is only said': () => ({
    ...GOOD,
    parts: { [SHEET]: '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<worksheet/>' },
  }),
  'an entity that nothing defines': () => ({ rows: HEAD + rowOf(2, CELLS.with(8, '&nbsp;')) }),
};

test.each(Object.keys(XXE))('fails on %s: nothing is read, asked or expanded', async (name) => {
  const refusal = await refused(name, workbookOf(XXE[name]?.() ?? GOOD));
  expect(refusal).toMatch(/document type|entity|not in UTF-8|no well-formed XML|in one piece/);
  expect(refusal).not.toContain('a-secret');
  expect(visits).toBe(0);
});

const ESCAPES = [
  '../evil.txt',
  '../../../../../../tmp/laketwin-evil.txt',
  'xl/../../evil.txt',
  'xl/worksheets/../../../evil.xml',
  '/tmp/laketwin-evil.txt',
  'C:\\evil.txt',
  'C:/evil.txt',
  '..\\..\\evil.txt',
  '\\\\host\\share\\evil.txt',
  'xl/evil\0.xml',
  '',
];

test('fails on names of parts that lead outside, and nothing is written there', async (context) => {
  const there = readdirSync(tmpdir());
  for (const name of ESCAPES) {
    const bytes = zipOf([...entriesOf(GOOD), { name, data: 'evil' }]);
    expect(await refused('slip', bytes), JSON.stringify(name)).toMatch(/leads outside/);
    injected(context);
  }
  expect(readdirSync(tmpdir()).filter((name) => name.includes('evil') && !there.includes(name))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['in', 'lake', 'secret']);
});

test('fails on relations that lead outside: no path and no address is followed', async (context) => {
  const targets: [target: string, mode?: string][] = [
    ['../../../secret'],
    [`file://${folder}/secret`, 'External'],
    [place, 'External'],
    ['/../../../etc/passwd'],
    [`${folder}/secret`],
  ];
  for (const [target, mode] of targets) {
    for (const type of ['worksheet', 'sharedStrings'] as const) {
      const all: [string, string, string, string?][] = [['s1', 'worksheet', 'worksheets/sheet1.xml']];
      if (type === 'worksheet') all.length = 0;
      all.push([type === 'worksheet' ? 's1' : 't', type, target, ...(mode === undefined ? [] : [mode])] as [
        string,
        string,
        string,
      ]);
      const book = { ...GOOD, parts: { 'xl/_rels/workbook.xml.rels': relations(all) } };
      expect(await refused('relation', workbookOf(book))).toMatch(/without its part|lies elsewhere/);
      injected(context);
    }
  }
  expect(visits).toBe(0);
});

/** A workbook's entries with one changed. */
function changed(name: string, lie: Partial<ZipEntry>): Buffer {
  return zipOf(entriesOf(GOOD).map((entry) => (entry.name === name ? { ...entry, ...lie } : entry)));
}

/** Markup of a thousand bytes that says nothing and hardly takes room in a zip. */
const AIR = `<a>${' '.repeat(993)}</a>`;
const BOMB = `${XML}<worksheet><sheetData>${HEAD}${AIR.repeat(20_000)}`;

const ZIPS: Readonly<Record<string, readonly [() => Buffer, RegExp]>> = {
  'a bomb in the sheet': [() => workbookOf({ ...GOOD, parts: { [SHEET]: BOMB } }), /bomb/],
  'a bomb of rows': [() => workbookOf({ rows: HEAD + '<row/>'.repeat(1_050_000) }), /more than 1048576 rows/],
  'a bomb in the shared texts': [
    () => workbookOf({ ...GOOD, parts: { 'xl/sharedStrings.xml': `${XML}<sst>${AIR.repeat(20_000)}</sst>` } }),
    /bomb/,
  ],
  'a bomb in the styles': [
    () => workbookOf({ ...GOOD, parts: { 'xl/styles.xml': `${XML}<styleSheet>${AIR.repeat(17_000)}` } }),
    /bomb|beyond 16777216 bytes/,
  ],
  'a bomb that says it is small': [
    () => changed(SHEET, { data: BOMB, size: 1_000, localSize: 1_000 }),
    /bomb|damaged|two ways/,
  ],
  'a bomb in a part that nobody reads, said to be small': [
    () => zipOf([...entriesOf(GOOD), { name: 'xl/media/x.png', data: Buffer.alloc(50_000_000), at: 3 }]),
    /overlap|two ways/,
  ],
  'parts that overlap': [
    () => zipOf([...entriesOf(GOOD), { name: 'xl/worksheets/sheet2.xml', data: '', at: 2 }]),
    /overlap|two ways/,
  ],
  'another name before the content than in the list': [
    () => changed(SHEET, { localName: 'xl/worksheets/sheet9.xml' }),
    /two ways/,
  ],
  'a wrong length in the list': [() => changed(SHEET, { size: 10, localSize: 2_000 }), /two ways/],
  'a length that is too short': [() => changed(SHEET, { size: 100 }), /damaged|two ways/],
  'a length that is too long': [() => changed(SHEET, { size: 1_000_000 }), /damaged|two ways/],
  'content that goes beyond the file': [
    () => changed(SHEET, { compressedSize: 1_000_000 }),
    /damaged|overlap|two ways/,
  ],
  'a wrong checksum': [() => changed(SHEET, { crc: 1 }), /damaged/],
  'a wrong checksum of the texts': [() => changed('xl/sharedStrings.xml', { crc: 1 }), /damaged/],
  'garbage instead of the compressed sheet': [
    () => changed(SHEET, { data: Buffer.alloc(500, 0xaa), method: 8, crc: 3 }),
    /damaged/,
  ],
  'a part twice': [() => zipOf([...entriesOf(GOOD), { name: SHEET, data: '<worksheet/>' }]), /two ways|twice/],
  'a part twice, in other letters': [
    () => zipOf([...entriesOf(GOOD), { name: SHEET.toUpperCase(), data: '<worksheet/>' }]),
    /twice/,
  ],
  'a symbolic link': [
    () => zipOf([...entriesOf(GOOD), { name: 'xl/link', data: '/etc/passwd', mode: 0o120777 }]),
    /link/,
  ],
  'a sheet that is a symbolic link': [() => changed(SHEET, { data: '/etc/passwd', mode: 0o120777, method: 0 }), /link/],
  'a device': [() => zipOf([...entriesOf(GOOD), { name: 'xl/device', data: '', mode: 0o020666 }]), /link or a device/],
  'a password': [() => changed(SHEET, { flags: 1 }), /password/],
  'an unknown compression': [() => changed(SHEET, { method: 99 }), /compressed|two ways/],
  'too many parts': [
    () =>
      zipOf([
        ...entriesOf(GOOD),
        ...Array.from({ length: 10_001 }, (_, n) => ({ name: `x/${n}`, data: '', method: 0 })),
      ]),
    /more than 10000 parts/,
  ],
  'bytes before it': [() => Buffer.concat([zipOf([{ name: 'a', data: 'b' }]), workbookOf(GOOD)]), /two ways|damaged/],
  'bytes behind it': [() => Buffer.concat([workbookOf(GOOD), Buffer.from('more')]), /two ways|damaged/],
  'the first half alone': [() => workbookOf(GOOD).subarray(0, 900), /damaged/],
  'its last byte gone': [() => workbookOf(GOOD).subarray(0, -1), /damaged|two ways/],
  'its list of parts damaged': [
    () => {
      const bytes = workbookOf(GOOD);
      bytes.fill(0xff, bytes.lastIndexOf('PK\x01\x02') + 4, bytes.lastIndexOf('PK\x01\x02') + 30);
      return bytes;
    },
    /damaged|password|two ways/,
  ],
  'an empty zip': [() => zipOf([]), /no workbook/],
  'a zip of a csv': [
    () => zipOf([{ name: 'bookings.csv', data: `${BOOKING_HEADER}\n${BOOKING_LINE}\n` }]),
    /no workbook/,
  ],
  'a workbook within a zip': [
    () => zipOf([{ name: 'bookings.xlsx', data: workbookOf(GOOD), method: 0 }]),
    /no workbook/,
  ],
};

test.each(Object.keys(ZIPS))('fails on a zip with %s', async (name) => {
  const [make, sentence] = ZIPS[name] ?? [() => workbookOf(GOOD), /./];
  expect(await refused(name, make())).toMatch(sentence);
});

const row = (more: string, number = 2) => `${HEAD}<row r="${number}">${more}</row>`;
const MARKUP: Readonly<Record<string, readonly [Book, RegExp]>> = {
  'a column beyond the last': [{ rows: row('<c r="XFE2"><v>1</v></c>') }, /more than 16384 columns/],
  'two to the twentieth columns': [{ rows: row('<c><v>1</v></c>'.repeat(2 ** 20)) }, /more than 16384 columns|bomb/],
  'a row beyond the last': [{ rows: row('<c><v>1</v></c>', 1_048_577) }, /more than 1048576 rows/],
  'a row number of many digits': [{ rows: `${HEAD}<row r="99999999999999999999"/>` }, /number of a row/],
  'a negative row number': [{ rows: `${HEAD}<row r="-5"><c><v>1</v></c></row>` }, /number of a row/],
  'rows that go back': [{ rows: HEAD + rowOf(3, CELLS) + rowOf(2, CELLS) }, /out of order/],
  'a row twice': [{ rows: HEAD + rowOf(2, CELLS) + rowOf(2, CELLS) }, /out of order/],
  'cells that go back': [{ rows: row('<c r="B2"><v>1</v></c><c r="A2"><v>1</v></c>') }, /out of order/],
  'a cell twice': [{ rows: row('<c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>') }, /out of order/],
  'a cell of another row': [{ rows: row('<c r="A9"><v>1</v></c>') }, /another row/],
  'a cell of no place': [{ rows: row('<c r="../A2"><v>1</v></c>') }, /another row/],
  'a shared text that is not there': [{ rows: row('<c t="s"><v>7</v></c>') }, /text that the workbook does not hold/],
  'a shared text of the prototype': [{ rows: row('<c t="s"><v>constructor</v></c>') }, /text that the workbook/],
  'a type that nobody knows': [{ rows: row('<c t="x"><v>7</v></c>') }, /no known type/],
  'elements within elements': [{ rows: row(`<c>${'<a>'.repeat(100_000)}`) }, /deeper than 64|bomb/],
  'a cell without an end': [{ rows: `${HEAD}<row r="2"><c t="inlineStr"><is><t>${noise(5_000_000)}` }, /in one piece/],
  'an attribute without an end': [{ rows: `${HEAD}<row r="2" x="${noise(5_000_000)}` }, /in one piece/],
  'a sheet that breaks off': [{ rows: `${HEAD}<row r="2"><c><v>1` }, /no well-formed XML/],
  'a sheet that is no XML': [{ rows: '', parts: { [SHEET]: 'PK or not' } }, /no well-formed XML/],
  'a sheet of no text': [{ rows: '', parts: { [SHEET]: Buffer.from([0xff, 0xfe, 0xff]) } }, /not in UTF-8/],
};

test.each(Object.keys(MARKUP))('fails on a sheet with %s', async (name) => {
  const [book, sentence] = MARKUP[name] ?? [GOOD, /./];
  expect(await refused(name, workbookOf(book))).toMatch(sentence);
});

test('a workbook that is damaged anywhere is refused or read as it was, and nothing else is thrown', async (context) => {
  const whole = workbookOf(GOOD);
  const read = (bytes: Buffer) => frameBytes(bytes, { knownColumns: BOOKING_HEADER.split(',') });
  const { lines } = await read(whole);
  const random = seeded(7);
  for (let round = 0; round < 150; round += 1) {
    const bytes = Buffer.from(whole);
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    const outcome = await read(bytes).catch((error: Error) => error);
    if (outcome instanceof Error) expect([at, outcome.name]).toEqual([at, 'RefusedObject']);
    else expect([at, outcome.lines]).toEqual([at, lines]);
    injected(context);
  }
});

async function take(name: string, bytes: Buffer) {
  const path = join(folder, 'in', name);
  writeFileSync(path, bytes);
  return runLake({ lake, dataset: bookings, inputs: [path], now: () => new Date('2026-11-01T12:00:00Z') });
}

/** The sentence by which a file is refused, the lake unchanged. */
async function refused(name: string, bytes: Buffer): Promise<string> {
  const outcome = await take('bad.xlsx', bytes).catch((error: Error) => error);
  expect([name, (outcome as Error).name], (outcome as Error).stack).toEqual([name, 'RefusedObject']);
  const { message } = outcome as Error;
  expect(message).toMatch(/^bad\.xlsx: [^\n]+$/);
  expect(digests(lake)).toEqual(before);
  return message;
}

/** Text that hardly compresses. */
function noise(length: number): string {
  const random = seeded(length);
  return Array.from({ length: length / 10 }, () => random().toString(36).padEnd(12, '0').slice(2, 12)).join('');
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
