import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planOf } from '../core/contract/define-dataset.ts';
import { ledgerKey } from '../core/lake/keys.ts';
import type { LedgerEntry } from '../core/lake/ledger.ts';
import { type ConvertInput, convertObject } from '../lambdas/convert/convert-object.ts';
import { RefusedObject } from '../lambdas/convert/refused-object.ts';
import type { FileStore } from '../local/file-store.ts';
import { BOOKING_HEADER, BOOKING_LINE, convertInput } from './convert-input.ts';
import { businessInvoices } from './fixtures/business-invoices.ts';
import { ecommerceEvents } from './fixtures/ecommerce-events.ts';
import { jobOffers } from './fixtures/job-offers.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laketwin-convert-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('good rows, bad rows and blank lines add up, and bad ones keep their line, bytes and first reason', async () => {
  const lines = [
    BOOKING_HEADER,
    BOOKING_LINE,
    '',
    BOOKING_LINE.replace('2,', '0,').replace('Sat', 'Sun day'),
    'too,short',
    BOOKING_LINE,
  ];
  const input = await convertInput(folder, lines.join('\r\n'));
  const entry = await convertObject(input);
  expect(entry).toMatchObject({
    rowsIn: 4,
    accepted: 2,
    rejected: 2,
    duplicates: 0,
    rejectedByReason: { 'num_passengers:minimum': 1, 'row:fields': 1 },
    keyRange: [`${input.checksum.slice(0, 16)}-000000002`, `${input.checksum.slice(0, 16)}-000000006`],
    ingestDate: '2026-01-02',
  });
  expect(await rejectedRows(input, entry)).toEqual([
    { source_line: '4', reason: 'num_passengers:minimum', column_name: 'num_passengers', raw: lines[3] },
    { source_line: '5', reason: 'row:fields', column_name: null, raw: 'too,short' },
  ]);
});

test('columns come in any order and letter case, unknown ones are left out with a warning, optional ones are null', async () => {
  const header = BOOKING_HEADER.split(',')
    .reverse()
    .map((name) => ` ${name.toUpperCase()} `);
  const cells = BOOKING_LINE.split(',').reverse();
  const input = await convertInput(folder, `${['shoe_size', ...header].join(';')}\n${['44', ...cells].join(';')}\n`);
  const entry = await convertObject(input);
  expect(entry.warnings).toEqual(["unknown columns are left out: 'shoe_size'"]);
  const [row] = await processedRows(input, entry);
  expect(row).toMatchObject({
    num_passengers: 2,
    route: 'AKLDEL',
    flight_duration: 5.52,
    customer_id: null,
    event_time: null,
  });
});

test('fails whole, and leaves nothing, where the header lacks required columns or names one twice', async () => {
  const short = BOOKING_HEADER.split(',')
    .filter((name) => name !== 'route' && name !== 'flight_day')
    .join(',');
  const lacking = await convertInput(folder, `${short}\n1,2\n`);
  await expect(convertObject(lacking)).rejects.toThrow(
    new RefusedObject("the header lacks 'flight_day', 'route': a file of bookings needs these columns, in any order"),
  );
  const twice = await convertInput(folder, `${BOOKING_HEADER},Route\n${BOOKING_LINE},AKLDEL\n`);
  await expect(convertObject(twice)).rejects.toThrow(/twice in the header/);
  for (const { lake } of [lacking, twice]) expect(filesIn(lake)).toEqual(['source']);
});

test('an object that is taken in twice has one effect', async () => {
  const input = await convertInput(folder, `${BOOKING_HEADER}\n${BOOKING_LINE}\n`);
  const first = await convertObject(input);
  const before = filesIn(input.lake);
  expect(await convertObject({ ...input, name: 'another', receivedAt: new Date() })).toEqual(first);
  expect(filesIn(input.lake)).toEqual(before);
});

test('of two conversions at once one entry stands, and both return it', async () => {
  const input = await convertInput(folder, `${BOOKING_HEADER}\n${BOOKING_LINE}\n`);
  const scratch = await (input.store as FileStore).scratch.folder('other');
  const [one, other] = await Promise.all([convertObject(input), convertObject({ ...input, scratch, name: 'other' })]);
  expect(one).toEqual(other);
});

test('the same object gives the same bytes in another lake', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) =>
    i % 7 === 0 ? BOOKING_LINE.replace('Sat', 'Saturday') : i % 11 === 0 ? 'torn' : BOOKING_LINE,
  );
  const source = gzipSync([BOOKING_HEADER, ...rows].join('\n'));
  const digests = [];
  for (let i = 0; i < 2; i++) {
    const input = await convertInput(folder, source);
    const entry = await convertObject(input);
    digests.push(
      Object.fromEntries(
        paths(input, entry).map(({ key, path }) => [
          key,
          createHash('sha256').update(readFileSync(path)).digest('hex'),
        ]),
      ),
    );
    expect(entry.cleaned).toEqual({ flight_day_full_name: Math.ceil(30_000 / 7) });
  }
  expect(digests[0]).toEqual(digests[1]);
});

test('a key that came earlier in the same object is a duplicate; a row without a key has one from its line', async () => {
  const line = (id: string) => `${id},${BOOKING_LINE}`;
  const source = [
    `booking_id,${BOOKING_HEADER}`,
    line('b-1'),
    line('b-2'),
    line('b-1'),
    line(''),
    line('no spaces please'),
  ];
  const input = await convertInput(folder, source.join('\n'));
  const entry = await convertObject(input);
  expect(entry).toMatchObject({
    rowsIn: 5,
    accepted: 3,
    duplicates: 1,
    rejected: 1,
    rejectedByReason: { 'booking_id:pattern': 1 },
  });
  const ids = (await processedRows(input, entry)).map(({ booking_id }) => booking_id);
  expect(ids).toEqual([`${input.checksum.slice(0, 16)}-000000005`, 'b-1', 'b-1', 'b-2']);
  expect(entry.keyRange).toEqual([ids[0], 'b-2']);
});

test('keys of several columns are compared as a whole, and their range is one of numbers', async () => {
  const source = [
    'invoice_id,line_number,invoiced_on,changed_at,customer_name,unit_price,total,quantity,is_paid',
    ...['9,1', '10,1', '9,2', '9,1'].map(
      (key) => `${key},2024-02-29,2024-02-29T10:00:00+02:00,Ann,1.50,12345678901234567890.1234,-2,`,
    ),
  ];
  const input = await convertInput(folder, source.join('\n'), planOf(businessInvoices));
  const entry = await convertObject(input);
  expect(entry).toMatchObject({ rowsIn: 4, accepted: 3, duplicates: 1, keyRange: ['9', '10'] });
  const rows = await processedRows(input, entry);
  expect(rows[0]).toMatchObject({
    unit_price: '1.50',
    total: '12345678901234567890.1234',
    changed_at: '2024-02-29 08:00:00+00',
    is_paid: null,
  });
});

test('numbers of more digits than JavaScript holds come through JSON unharmed, and odd keys do no harm', async () => {
  const event =
    '{"event_time":"2019-10-01 00:00:00 UTC","event_type":"view","product_id":44600062,"category_id":2103807459595387724,"price":35.79,"user_id":541312140,"__proto__":{"brand":"x"},"category_code":"it\\"s"}';
  const tooLong = event.replace('2103807459595387724', '21038074595953877240');
  const input = await convertInput(
    folder,
    `${event}\n${tooLong}\n${event.replace('35.79', '35.7900000000000000001')}\n{"constructor":1}\n`,
    planOf(ecommerceEvents),
  );
  const entry = await convertObject(input);
  expect(entry).toMatchObject({
    rowsIn: 4,
    accepted: 1,
    rejectedByReason: { 'category_id:type': 1, 'price:scale': 1, 'event_time:missing': 1 },
  });
  const [row] = await processedRows(input, entry);
  expect(row).toMatchObject({
    category_id: '2103807459595387724',
    price: '35.79',
    brand: null,
    category_code: 'it"s',
    event_time: '2019-10-01 00:00:00+00',
  });
});

test('a personal value is stored as its pseudonym only, and one that is to be dropped not at all', async () => {
  const offers = await convertInput(folder, '{"offer_id":"1","contact_email":"ann@example.org"}\n', planOf(jobOffers));
  const [offer] = await processedRows(offers, await convertObject(offers));
  expect(Object.keys(offer ?? {})).not.toContain('contact_email');
  const source = [
    `customer_id,${BOOKING_HEADER}`,
    ...[' Ann ', 'ann', 'ＡＮＮ', 'Bob', '  '].map((id) => `${id},${BOOKING_LINE}`),
  ];
  const input = await convertInput(folder, source.join('\n'));
  const entry = await convertObject(input);
  const ids = (await processedRows(input, entry)).map(({ customer_id }) => customer_id as string | null);
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toMatch(/^7[A-Za-z0-9_-]{21}$/);
  expect(JSON.stringify(entry)).not.toMatch(/ann|bob/i);
});

test('a conversion that fails midway leaves no file of it in the scratch folder and no entry', async () => {
  const input = await convertInput(folder, `${BOOKING_HEADER}\n${BOOKING_LINE}\n`);
  const store = Object.create(input.store, { putFile: { value: () => Promise.reject(new Error('the disk is full')) } });
  await expect(convertObject({ ...input, store })).rejects.toThrow('the disk is full');
  expect(filesIn(input.scratch)).toEqual([]);
  expect(await input.store.head('processed', ledgerKey('bookings', input.checksum))).toBeUndefined();
});

async function processedRows(input: ConvertInput, entry: LedgerEntry): Promise<Record<string, unknown>[]> {
  return query(
    entry.files.map(({ key }) => (input.store as FileStore).pathOf('processed', key)),
    '*',
    'ORDER BY ALL',
  );
}

async function rejectedRows(input: ConvertInput, entry: LedgerEntry): Promise<Record<string, unknown>[]> {
  const files = entry.rejectedFiles.map(({ key }) => (input.store as FileStore).pathOf('rejected', key));
  return query(files, 'source_line, reason, column_name, raw', 'ORDER BY source_line');
}

async function query(files: readonly string[], columns: string, order: string): Promise<Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const list = files.map((path) => `'${path}'`).join(', ');
  return (
    await connection.runAndReadAll(`SELECT ${columns} FROM read_parquet([${list}]) ${order}`)
  ).getRowObjectsJson();
}

function paths({ store }: ConvertInput, entry: LedgerEntry): { key: string; path: string }[] {
  const { pathOf } = store as FileStore;
  return [
    ...entry.files.map(({ key }) => ({ key, path: pathOf.call(store, 'processed', key) })),
    ...entry.rejectedFiles.map(({ key }) => ({ key: `rejected ${key}`, path: pathOf.call(store, 'rejected', key) })),
  ];
}

function filesIn(path: string): string[] {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(path, name)).isFile()).sort();
}
