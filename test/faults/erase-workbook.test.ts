import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookings } from '../../datasets/bookings/contract.ts';
import { openPackage } from '../../lambdas/convert/workbook/open-package.ts';
import { backfillLake } from '../../local/backfill.ts';
import { openEngine } from '../../local/engine.ts';
import { eraseFromLake } from '../../local/erase.ts';
import { openFileStore } from '../../local/file-store.ts';
import { runLake } from '../../local/runner.ts';
import { BOOKING_HEADER, BOOKING_LINE, TEST_KEY } from '../convert-input.ts';
import { rowOf, workbookOf } from '../workbook-file.ts';

const PERSON = 'jürgen@example.org';
const CELLS = BOOKING_LINE.split(',');
const now = () => new Date('2026-11-01T12:00:00Z');
const PARTS = [
  'xl/workbook.xml',
  'xl/worksheets/sheet1.xml',
  'xl/sharedStrings.xml',
  'xl/comments1.xml',
  'docProps/core.xml',
];

let folder = '';
let lake = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'laketwin-erase-sheet-'));
  lake = join(folder, 'lake');
  mkdirSync(lake);
  const path = join(folder, 'bookings.xlsx');
  writeFileSync(path, workbook());
  await runLake({ lake, dataset: bookings, inputs: [path], now, pseudonymKey: TEST_KEY });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows of the person among others, in a table of texts, in cells, with faults and too long. */
function workbook(): Buffer {
  const time = '<c s="1"><v>46327.5</v></c>';
  const row = (at: number, id: string, customer: string, other: Readonly<Record<number, string>> = {}) =>
    rowOf(at, [id, customer, time, ...CELLS.map((cell, place) => other[place] ?? number(cell))]);
  const rows = [
    rowOf(2, ['booking_id', 'customer_id', 'event_time', ...BOOKING_HEADER.split(',')]),
    row(3, 'B-1', '<c t="s"><v>0</v></c>'),
    row(4, 'B-2', PERSON.toUpperCase()),
    row(7, 'B-3', 'other@example.org', { 8: 'C_x00F4_te &amp; &lt;d’Or&gt;&#10;_x005F_x0041_' }),
    row(8, 'B-4', '<c t="s"><v>1</v></c>', { 0: '<c t="e"><v>#REF!</v></c>' }),
    row(9, 'B-5', PERSON, { 0: '<c t="e"><v>#REF!</v></c>' }),
    row(10, 'B-6', `${PERSON}`, { 8: 'x'.repeat(1_200_000) }),
    row(11, 'B-7', 'other@example.org', { 0: '<c><f>1+1</f><v>2</v></c>', 3: '<c><f>1</f></c>' }),
    row(12, 'B-8', 'other@example.org', { 0: '<c><f>1+1</f><v>2.0</v></c>' }),
    row(13, 'B-9', 'other@example.org', { 8: `${'x'.repeat(1_200_000)} ${PERSON}` }),
    row(14, 'B-10', 'other@example.org', { 8: 'y'.repeat(1_200_000) }),
  ];
  return workbookOf({
    rows: rows.join(''),
    texts: [PERSON, 'other@example.org', PERSON],
    styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>',
    parts: {
      'xl/comments1.xml': `<comments>${PERSON}</comments>`,
      'docProps/core.xml': `<creator>${PERSON}</creator>`,
    },
  });
}

function number(cell: string): string {
  return /^[\d.]+$/.test(cell) ? `<c><v>${cell}</v></c>` : cell;
}

test('a person is erased from a workbook, and every other row is as it was, at its number', async () => {
  const [accepted, rejected] = [
    'select source_line, booking_id, customer_id, event_time, num_passengers, booking_origin from processed_bookings order by 1',
    'select source_line, reason, message, raw, raw_bytes from rejected_bookings order by 1',
  ].map((sql) => async () => ask(sql)) as [() => Promise<Rows>, () => Promise<Rows>];
  const before = [await accepted(), await rejected()] as const;
  expect(before.map((rows) => rows.map(([line]) => Number(line)))).toEqual([
    [3, 4, 7, 12],
    [8, 9, 10, 11, 13, 14],
  ]);
  expect(await partsWith(PERSON)).toEqual([
    'xl/worksheets/sheet1.xml',
    'xl/sharedStrings.xml',
    'xl/comments1.xml',
    'docProps/core.xml',
  ]);

  const summary = await erase();
  expect(summary).toMatchObject({ outcome: 'erased', rows: { raw: 5, processed: 2, rejected: 3 } });
  const kept = (rows: Rows) => rows.filter(([line]) => ![3, 4, 9, 10, 13].includes(Number(line)));
  expect([await accepted(), await rejected()]).toEqual(before.map(kept));
  expect(await partsWith(PERSON)).toEqual([]);
  expect(await partsWith('other@example.org')).toEqual(['xl/worksheets/sheet1.xml']);
});

test('what is left of a workbook is read again as it was, and holds nobody who was erased', async () => {
  const { objects } = await backfillLake({
    lake,
    dataset: bookings,
    from: '2026-11',
    to: '2026-11',
    now,
    pseudonymKey: TEST_KEY,
  });
  expect(objects.map(({ outcome }) => outcome)).toEqual(['unchanged']);
  expect(await erase()).toMatchObject({ outcome: 'nothing found' });
});

type Rows = readonly (readonly unknown[])[];

function erase() {
  const person = { identifier: PERSON };
  return eraseFromLake({ lake, dataset: bookings, person, now, confirm: async () => true, pseudonymKey: TEST_KEY });
}

/** Parts of the workbooks in the raw zone in which a text stands. */
async function partsWith(text: string): Promise<string[]> {
  const found: string[] = [];
  const files = readdirSync(join(lake, 'raw'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files).toHaveLength(1);
  for (const { parentPath, name } of files) {
    const pack = await openPackage(join(parentPath, name));
    for (const part of PARTS.filter((it) => pack.has(it))) {
      const chunks: Buffer[] = [];
      for await (const chunk of pack.read(part, 1e8)) chunks.push(chunk);
      if (Buffer.concat(chunks).toString().toLowerCase().includes(text)) found.push(part);
    }
    await pack.close();
  }
  return found;
}

async function ask(sql: string): Promise<Rows> {
  const engine = await openEngine(await openFileStore(lake), [bookings]);
  try {
    return (await engine.query(sql)).rows as Rows;
  } finally {
    await engine.close();
  }
}
