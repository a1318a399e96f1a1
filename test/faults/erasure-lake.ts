import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { planOf } from '../../core/contract/define-dataset.ts';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { curatedFiles, readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { bookingScores, scoredDayPrefix } from '../../core/model/score-tables.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { openFileStore } from '../../local/file-store.ts';
import { streamRows } from '../../local/firehose.ts';
import { replayRejected } from '../../local/replay.ts';
import { runLake } from '../../local/runner.ts';
import { withdraw } from '../../local/withdraw.ts';
import { BOOKING_HEADER, BOOKING_LINE } from '../convert-input.ts';
import { rowOf, workbookOf } from '../workbook-file.ts';
import { below, pick, seeded } from './booking-files.ts';
import { rowsOf } from './lake-rows.ts';

export const PLAN = planOf(bookings);
const NOW = '2026-11-21T07:00:00.123Z';
export const ERASED_AT = '2026-11-22T08:00:00.456Z';
/** As it stands in the first file; others write it in other letters. */
export const PERSON = 'Jürgen.Müller@example.org';
/** The same person in other letter cases, spaces and Unicode forms. */
const WRITTEN = [PERSON, ` ${PERSON.toUpperCase()} `, PERSON.normalize('NFD'), 'jürgen.müller@EXAMPLE.org'];
/** Somebody else, in whose identifier the person's stands. */
export const NAMESAKE = `x${PERSON}`;

/** A contract that more rows break, so that a replay by the right one takes them in. */
const STRICTER: DatasetPlan = {
  ...PLAN,
  columns: PLAN.columns.map((column) => (column.name === 'num_passengers' ? { ...column, maximum: 6 } : column)),
};

/**
 * Makes a lake that holds a person everywhere that a lake can: in files of every shape, good and broken, repeated,
 * replayed, streamed, withdrawn and scored. Returns the files that it was made of.
 *
 * @param only names of the files that are taken in, beside the stream and the withdrawn one; default all.
 */
export async function makeErasureLake(lake: string, folder: string, only = /./): Promise<string[]> {
  const now = () => new Date(NOW);
  const random = seeded(40);
  const csv = (name: string, rows: number, lineEnd: string) => csvText(name, rows, lineEnd, random);
  const inputs: Record<string, string | Uint8Array> = {
    'plain.csv': csv('P', 160, '\n'),
    'crlf.csv.gz': gzipSync(csv('W', 140, '\r\n')),
    'wide.csv': Buffer.from(`\ufeff${csv('U', 120, '\r\n')}`, 'utf16le'),
    'lines.jsonl': jsonRows('L', 120, random).join('\n'),
    'array.json': `[\n${jsonRows('A', 120, random).join(' ,\n')}\n]\n`,
    'book.xlsx': workbookText(120, random),
    [`for ${PERSON}.csv`]: csv('N', 120, '\n'),
    // Ids are made of checksum and line, so lines must stay.
    'nameless.csv': csv('', 120, '\n'),
  };
  const paths: string[] = [];
  for (const [name, body] of Object.entries(inputs).filter(([name]) => only.test(name))) {
    const path = join(folder, name);
    await writeFile(path, body);
    paths.push(path);
  }
  await runLake({ lake, dataset: STRICTER, inputs: paths.filter(isReplayed), now });
  await replayRejected({ lake, dataset: PLAN, now });
  await runLake({ lake, dataset: PLAN, inputs: paths, now });
  const sent = jsonRows('S', 60, random);
  await streamRows({
    lake,
    dataset: PLAN,
    rows: [...sent, `{"customer_id":"${PERSON}", broken`],
    now,
    newId: () => 's',
  });
  const wrong = join(folder, 'wrong.csv');
  await writeFile(wrong, csv('X', 120, '\n'));
  const { inputs: taken } = await runLake({ lake, dataset: PLAN, inputs: [wrong], now });
  await withdraw({ lake, dataset: PLAN, id: taken[0]?.id ?? '', now });
  await scoreAll(lake);
  await keepFailed(lake);
  await mkdir(join(lake, 'samples'));
  await writeFile(join(lake, 'samples', 'bookings-sample-9.csv'), csv('G', 9, '\n').replace('C1,', `${PERSON},`));
  return [...paths, wrong];
}

/** Whether a file is taken in by the stricter contract first. */
export function isReplayed(path: string): boolean {
  return /plain\.csv$|lines\.jsonl$/.test(path);
}

/** Rows of which some are the person's, some of these broken, and one takes two lines. */
function csvText(name: string, rows: number, lineEnd: string, random: () => number): string {
  const key = name === '' ? [] : ['booking_id'];
  const lines = [[...key, 'customer_id', BOOKING_HEADER].join(',')];
  for (let row = 0; row < rows; row += 1) {
    const id = name === '' ? [] : [`${name}-${below(random, rows)}`];
    const chance = random();
    const customer = pick(random, chance < 0.1 ? WRITTEN : [NAMESAKE, 'C1', 'C2', '']);
    const good = [...id, customer, bookingLine(random)].join(',');
    const broken = [
      good.replace('Internet', 'Fax'),
      [...id, `"${customer}`, bookingLine(random)].join(','),
      [...id, `"${customer}"${BOOKING_LINE}`].join(','),
      `${good},one more`,
      [...id, customer, bookingLine(random).replace('New Zealand', customer === '' ? 'x' : customer)].join(','),
    ];
    lines.push(random() < 0.15 ? pick(random, broken) : good.replace('New Zealand', '"New\nZealand"'));
    if (random() < 0.05) lines.push('');
  }
  return `${lines.join(lineEnd)}${lineEnd}`;
}

function workbookText(rows: number, random: () => number): Uint8Array {
  const text = csvText('', rows, '\n', random).replaceAll('"New\nZealand"', 'New Zealand');
  const lines = text.split('\n').filter((line) => !line.includes('"'));
  return workbookOf({ rows: lines.map((line, at) => rowOf(at + 1, line.split(','))).join('') });
}

function jsonRows(name: string, rows: number, random: () => number): string[] {
  const names = BOOKING_HEADER.split(',');
  return Array.from({ length: rows }, (_, row) => {
    const values = bookingLine(random).split(',');
    const customer = pick(random, random() < 0.1 ? WRITTEN : [NAMESAKE, 'C1', 'C2']);
    const cells = Object.fromEntries(names.map((column, at) => [column, values[at]]));
    const text = JSON.stringify({ booking_id: `${name}-${below(random, rows)}`, customer_id: customer, ...cells });
    if (row % 9 === 0) return text.replace('Internet', 'Fax');
    return row % 7 === 0 ? text.replaceAll('ü', '\\u00fc') : text;
  });
}

function bookingLine(random: () => number): string {
  return BOOKING_LINE.replace(/^2/, String(1 + below(random, 9)));
}

/** As Firehose keeps what no transform could take. */
async function keepFailed(lake: string): Promise<void> {
  const records = [`{"customer_id":"${PERSON}", torn`, '{"customer_id":"C1", torn'];
  const lines = records.map((record) => JSON.stringify({ rawData: Buffer.from(record).toString('base64') }));
  const key = 'processing-failed/bookings/ingest_date=2026-11-21/1.json';
  await (await openFileStore(lake)).put('rejected', key, `${lines.join('\n')}\n`);
}

/** What a model would have left, without the minute that training one takes. */
async function scoreAll(lake: string): Promise<void> {
  const store = await openFileStore(lake);
  const manifest = await readCurrentManifest(store, 'bookings');
  const paths = manifest === undefined ? [] : curatedFiles(manifest).map(({ key }) => store.pathOf('curated', key));
  const scores = (await rowsOf(paths)).map(({ booking_id }) => ({
    booking_id,
    scored_at: NOW,
    model_version: 'v0001-test',
    completion_probability: 0.5,
    risk_band: 'medium',
    flags: null,
    source: 'batch',
    event_date: null,
    was_trained_on: false,
  }));
  const key = `${scoredDayPrefix(bookingScores, NOW.slice(0, 10))}v0001-test-batch.parquet`;
  await store.put('curated', key, toParquet(bookingScores, scores));
}
