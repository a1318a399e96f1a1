import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { refusalKey } from '../../core/lake/keys.ts';
import { readText } from '../../core/lake/read-object.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { type ConvertReport, convertEvents } from '../../lambdas/convert/convert-events.ts';
import { openEngine } from '../../local/engine.ts';
import { openFileStore } from '../../local/file-store.ts';
import { ensurePython } from '../../local/python.ts';
import { replayRejected } from '../../local/replay.ts';
import { type RunSummary, runLake } from '../../local/runner.ts';
import { BOOKING_HEADER, BOOKING_LINE, TEST_KEY } from '../convert-input.ts';
import { writeNamedBookings } from '../faults/booking-files.ts';
import { messageOf } from '../faults/notification.ts';
import { rowOf, workbookOf } from '../workbook-file.ts';

const HEADER = BOOKING_HEADER.split(',');
const CELLS = BOOKING_LINE.split(',');
const ORIGIN = HEADER.indexOf('booking_origin');
const HEAD = rowOf(1, HEADER);
const now = () => new Date('2026-11-01T12:00:00Z');

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'laketwin-sheets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a workbook gives the rows of the csv that holds the same', () => {
  let csv = '';
  let expected: unknown;
  beforeAll(async () => {
    csv = join(folder, 'bookings.csv');
    await writeNamedBookings(csv, 400, 5);
    expected = await contentOf((await takeIn('bookings.csv', readFileSync(csv))).lake);
  });

  test('where write-excel-file wrote it, with typed cells', async () => {
    const [header = [], ...rows] = readFileSync(csv, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const typed = rows.map((cells) => cells.map((text, place) => typedCell(text, header[place] ?? '')));
    const path = join(folder, 'typed.xlsx');
    await writeExcelFile([header.map((value) => ({ value, type: String })), ...typed], {}).toFile(path);
    const { lake, summary } = await takeIn('typed.xlsx', readFileSync(path));
    expect(summary.inputs[0]).toMatchObject({ format: 'xlsx', rowsIn: 400, warnings: [] });
    expect(summary.rejected).toBeGreaterThan(3);
    expect(await contentOf(lake)).toEqual(expected);
  });

  test('where openpyxl wrote it, with texts in a table of their own, as a stream', async () => {
    const path = join(folder, 'openpyxl.xlsx');
    execFileSync(ensurePython('test/reports/requirements.txt'), ['-c', OPENPYXL, csv, path]);
    const { lake } = await takeIn('openpyxl.xlsx', readFileSync(path));
    expect(await contentOf(lake)).toEqual(expected);
  });

  test('in the Lambda as on the laptop, once however often it is told of', async () => {
    const lake = join(folder, 'lambda');
    const store = await openFileStore(lake);
    const bytes = readFileSync(join(folder, 'typed.xlsx'));
    await store.put('raw', 'bookings/typed.xlsx', bytes);
    await store.put('raw', 'bookings/bad.xlsx', bytes.subarray(0, 9_000));
    const reports: ConvertReport[] = [];
    const convert = convertEvents({
      store,
      datasetNamed,
      loadPseudonymKey: async () => TEST_KEY,
      scratch: await store.scratch.folder('lambda'),
      report: (done) => reports.push(done),
    });
    for (const key of ['bookings/typed.xlsx', 'bookings/typed.xlsx', 'bookings/bad.xlsx']) {
      expect(await convert({ Records: [messageOf(key)] })).toEqual({ batchItemFailures: [] });
    }
    expect(reports.map(({ outcome }) => outcome)).toEqual(['converted', 'converted', 'refused']);
    const checksum = createHash('sha256').update(bytes.subarray(0, 9_000)).digest('hex');
    expect(await readText(store, 'processed', refusalKey('bookings', checksum))).toMatch(/damaged or torn zip/);
    expect(await ask(lake, `select count(*), count(distinct booking_id) from processed_bookings`)).toEqual(
      await ask(join(folder, 'lake-1'), `select count(*), count(distinct booking_id) from processed_bookings`),
    );
  });
});

describe('a row stands at its number, and is rejected alone, with what stood in it', () => {
  const BAD: readonly [what: string, cell: string, reason: string, message: RegExp, raw: RegExp][] = [
    ['an error', '<c t="e"><v>#REF!</v></c>', 'row:cell', /cell I9 holds the error #REF!/, /,#REF!,/],
    [
      'a formula that was never computed',
      '<c><f>A1+1</f></c>',
      'row:cell',
      /cell I12 holds a formula without/,
      /AKLDEL,,/,
    ],
    ['half a character', 'a_xD800_b', 'row:encoding', /half of a character/, /a/],
    ['a NUL', 'a_x0000_b', 'row:nul', /./, /./],
    ['a text that is too long', 'x'.repeat(101), 'booking_origin:too_long', /./, /x{101}/],
    ['a text beyond every limit', 'x'.repeat(1_100_000), 'row:too_long', /longer than/, /x{4000}/],
    ['an empty cell', '<c/>', 'booking_origin:missing', /./, /,,/],
  ];

  test('whatever is wrong with it', async () => {
    const bad = BAD.map(([, cell], index) => rowOf(9 + 3 * index, CELLS.with(ORIGIN, cell)));
    const rows = HEAD + rowOf(3, CELLS) + bad.join('') + rowOf(1_000, CELLS);
    const { lake, summary } = await takeIn('rows.xlsx', workbookOf({ rows }));
    expect(summary).toMatchObject({ rowsIn: 2 + BAD.length, accepted: 2, rejected: BAD.length });
    expect(await ask(lake, 'select source_line from processed_bookings order by 1')).toEqual([[3n], [1000n]]);
    const found = await ask(
      lake,
      'select source_line, reason, message, raw, raw_encoding from rejected_bookings order by source_line',
    );
    for (const [index, [what, , reason, message, raw]] of BAD.entries()) {
      const [line, why, told, kept, encoding] = found[index] ?? [];
      expect([what, line, why]).toEqual([what, BigInt(9 + 3 * index), reason]);
      expect(told).toMatch(message);
      expect(encoding === 'base64' ? Buffer.from(String(kept), 'base64').toString() : kept).toMatch(raw);
    }
    // What no cell said does not become true by a change of the rules.
    const again = await replayRejected({ lake, dataset: bookings, now, pseudonymKey: TEST_KEY });
    expect(again).toMatchObject({ tried: BAD.length - 1, accepted: 0, cut: 1, expired: 0 });
  });

  test('a cell beside the columns of the header rejects its row, an empty one does not', async () => {
    const rows = HEAD + rowOf(2, [...CELLS, '<c s="0"/>', '<c t="s"/>']) + rowOf(3, [...CELLS, 'note']);
    const { summary } = await takeIn('wide.xlsx', workbookOf({ rows }));
    expect(summary).toMatchObject({ rowsIn: 2, accepted: 1, rejectedByReason: { 'row:fields': 1 } });
  });
});

function typedCell(text: string, column: string) {
  if (text === '') return null;
  if (column === 'event_time') return { value: new Date(text), type: Date, format: 'yyyy-mm-dd hh:mm:ss' };
  if (column.startsWith('wants_')) return { value: text === '1', type: Boolean };
  return /^[\d.]+$/.test(text) ? { value: Number(text), type: Number } : { value: text, type: String };
}

const OPENPYXL = `
import csv, datetime, sys, zipfile
import openpyxl
book = openpyxl.Workbook()
sheet = book.active
for number, row in enumerate(csv.reader(open(sys.argv[1]))):
    if number == 0:
        head = row
    else:
        row = [
            None if text == "" else datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S") if name == "event_time"
            else float(text) if name == "flight_duration" and text != "1e309"
            else int(text) if text.isdigit() else text
            for name, text in zip(head, row)
        ]
    sheet.append(row)
book.save(sys.argv[2] + ".book")

class Stream:
    def __init__(self, file):
        self.write, self.flush = file.write, file.flush

# As programs write that send while they write: lengths stand behind each part, in 64 bits.
with open(sys.argv[2], "wb") as file, zipfile.ZipFile(Stream(file), "w", zipfile.ZIP_DEFLATED) as out:
    with zipfile.ZipFile(sys.argv[2] + ".book") as book:
        for part in book.infolist():
            with out.open(part.filename, "w", force_zip64=True) as to:
                to.write(book.read(part))
`;

/** What the lake holds, but for what names the file. */
async function contentOf(lake: string): Promise<unknown> {
  const rows = await ask(
    lake,
    `select booking_id, event_time, source_line, source, ${BOOKING_HEADER} from bookings order by booking_id`,
  );
  const rejected = await ask(lake, 'select source_line, reason, message from rejected_bookings order by 1');
  expect(rows.length).toBeGreaterThan(200);
  const people = await ask(lake, 'select source_line, booking_id, customer_id from processed_bookings order by 1');
  return { rows, people, rejected };
}

async function takeIn(name: string, bytes: Buffer): Promise<{ readonly lake: string; readonly summary: RunSummary }> {
  const lake = join(folder, `lake-${count++}`);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const summary = await runLake({ lake, dataset: bookings, inputs: [path], now, pseudonymKey: TEST_KEY });
  return { lake, summary };
}

async function ask(lake: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const engine = await openEngine(await openFileStore(lake), [bookings]);
  try {
    return (await engine.query(sql)).rows as readonly (readonly unknown[])[];
  } finally {
    await engine.close();
  }
}
