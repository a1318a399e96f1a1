import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerColumns, collect } from './answer.ts';
import { type AnswerWriter, csvWriter, jsonWriter, sheetWriter, tableWriter, type WriteText } from './query-formats.ts';

let connection: DuckDBConnection;
let folder: string;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("set TimeZone = 'UTC'");
  folder = await mkdtemp(join(tmpdir(), 'laketwin-formats-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const KINDS = `select cast(9007199254740993 as bigint) as big, cast(12.30 as decimal(9, 2)) as price, 0.5e0 as share,
  true as done, date '2024-05-01' as day, timestamp '2024-05-01 09:30:00.120' as moment, null as nothing, '' as blank,
  ['a', 'b'] as tags, {'x': 1} as point`;

test('CSV has every kind of value, nulls as nothing and the empty text in quotes', async () => {
  expect(await textOf(csvWriter, KINDS)).toBe(
    [
      'big,price,share,done,day,moment,nothing,blank,tags,point',
      '9007199254740993,12.30,0.5,true,2024-05-01,2024-05-01 09:30:00.120,,"","[""a"", ""b""]","{ ""x"": 1 }"',
      '',
    ].join('\r\n'),
  );
});

test('JSON keeps all digits of numbers, and lists and structs as they are', async () => {
  expect(await textOf(jsonWriter, KINDS)).toBe(
    '[\n  { "big": 9007199254740993, "price": 12.30, "share": 0.5, "done": true, "day": "2024-05-01", "moment": "2024-05-01 09:30:00.120", "nothing": null, "blank": "", "tags": ["a", "b"], "point": { "x": 1 } }\n]\n',
  );
});

test('JSON of any number of rows can be parsed, also of none', async () => {
  for (const rows of [0, 1, 5000]) {
    const text = await textOf(jsonWriter, `select range as a, 'nan'::double as b from range(${rows})`);
    expect(JSON.parse(text)).toEqual(Array.from({ length: rows }, (_, a) => ({ a, b: 'NaN' })));
  }
});

test('CSV quotes what RFC 4180 says and disarms what a spreadsheet would run', async () => {
  const cells = ['a,b', 'a"b', 'a\nb', '=1+1', '+1', '-1', '@x', '\tx', '\rx', 'é', "'"];
  const sql = `select unnest([${cells.map((cell) => `'${cell.replaceAll("'", "''")}'`).join(', ')}]) as "=name"`;
  expect((await textOf(csvWriter, sql)).split('\r\n')).toEqual([
    "'=name",
    '"a,b"',
    '"a""b"',
    '"a\nb"',
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    "'\tx",
    '"\'\rx"',
    'é',
    "'",
    '',
  ]);
});

test('negative numbers stay numbers in CSV', async () => {
  expect(await textOf(csvWriter, 'select -1 as a, -1.50 as b, -2e0 as c')).toBe('a,b,c\r\n-1,-1.50,-2\r\n');
});

test('a table shows null as a dash, numbers to the right and long texts cut', async () => {
  const text = await textOf(
    (write) => tableWriter(write, 10),
    `select 1 as n, null as a, repeat('x', 100) as long, 'b' as b union all select 1000, 'a', 'y', 'c'`,
  );
  expect(text).toContain(`│    1 │ – │ ${'x'.repeat(59)}… │ b │`);
  expect(text).toContain('│ 1000 │ a │ y');
});

test('a table shows as many rows as asked for and says how many more there are', async () => {
  const text = await textOf((write) => tableWriter(write, 3), 'select range as n from range(5000)');
  expect(text).toMatch(/│ 2 │\n└───┘\n… and 4,997 rows more: --limit shows more, --format csv all\n$/);
});

test('no value can command the terminal or break a line of the table', async () => {
  const text = await textOf(
    (write) => tableWriter(write, 3),
    `select 'a' || chr(27) || '[31mb' || chr(10) || 'c' || chr(8206) as t`,
  );
  expect(text).toContain('│ a\ufffd[31mb⏎c\ufffd │');
});

test('a sheet holds text as text, numbers as numbers, days as days and long numbers as text', async () => {
  const sql = `select '=1+1' as t, 1.5e0 as n, date '2024-05-01' as d, timestamp '2024-05-01 12:00:00' as m, cast(9007199254740993 as bigint) as big, true as b, null as z, 'a' || chr(1) || '<&' as odd`;
  const out = join(folder, 'a.xlsx');
  await write(sheetWriter(out), sql);
  const sheet = await entryOf(out, 'xl/worksheets/sheet1.xml');
  const strings = await entryOf(out, 'xl/sharedStrings.xml').catch(() => sheet);
  expect(sheet).not.toMatch(/<f[ >]/);
  expect(sheet).toContain('<v>1.5</v>');
  expect(sheet).toContain('<v>45413</v>');
  expect(sheet).toContain('<v>45413.5</v>');
  for (const text of ['=1+1', '9007199254740993', 'a&lt;&amp;']) expect(strings).toContain(`>${text}<`);
});

test('fails on more rows than a sheet holds', async () => {
  await expect(write(sheetWriter(join(folder, 'b.xlsx')), 'select 1 as a from range(1048576)')).rejects.toThrow(
    'a sheet holds 1048575 rows and the answer has more: use --format csv',
  );
});

async function textOf(make: (write: WriteText) => AnswerWriter, sql: string): Promise<string> {
  let text = '';
  await write(
    make(async (more) => {
      text += more;
    }),
    sql,
  );
  return text;
}

async function write(writer: AnswerWriter, sql: string): Promise<void> {
  const result = await connection.stream(sql);
  await writer.begin(answerColumns(result));
  await collect(result, (rows) => writer.add(rows));
  await writer.end();
}

/** A file within a zip, found through the list at its end. */
async function entryOf(path: string, name: string): Promise<string> {
  const zip = await readFile(path);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const found = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    const start = zip.readUInt32LE(at + 42);
    if (found === name) {
      const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
      const bytes = zip.subarray(data, data + zip.readUInt32LE(at + 20));
      return (zip.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes)).toString('utf8');
    }
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  throw new Error(`${path} has no ${name}`);
}
