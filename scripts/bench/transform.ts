/** The transform against a pass-through of the same batch (decode, parse, encode), 30 rows a record. */
import { Buffer } from 'node:buffer';
import { transformBatch, transformTools } from '../../core/etl/transform-batch.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { generateRows } from '../../local/generate-file.ts';
import { type Figure, inTurn } from './figure.ts';

const RECORDS = 200;
const ROWS_A_RECORD = 30;
const ROUNDS = 25;
const NOW = new Date('2026-11-01T12:00:00Z');

const plan = datasetNamed('bookings');
const tools = transformTools(plan, { version: 1, secret: Buffer.alloc(32, 7) });
const rows = generateRows({ dataset: plan, seed: 1, now: () => NOW })[Symbol.iterator]();
const records = Array.from({ length: RECORDS }, (_, index) => {
  const lines = Array.from({ length: ROWS_A_RECORD }, () => `${JSON.stringify(rows.next().value)}\n`).join('');
  return {
    recordId: `record-${index}`,
    approximateArrivalTimestamp: NOW.getTime(),
    data: Buffer.from(lines).toString('base64'),
  };
});
const event = { invocationId: 'bench', deliveryStreamArn: 'bench', region: 'local', records };

const seconds = await inTurn(ROUNDS, {
  ours: () => {
    const { counts } = transformBatch(event, { ...tools, now: NOW });
    if (counts.answered !== RECORDS * ROWS_A_RECORD) throw new Error(`answered ${counts.answered} rows`);
  },
  passThrough: () => records.map(passThrough),
});
const each = (value: number) => `${((value / (RECORDS * ROWS_A_RECORD)) * 1e6).toFixed(2)} µs a row`;
const figure: Figure = {
  name: 'transform against a pass-through',
  measured: seconds.ours / seconds.passThrough,
  unit: '×',
  target: { atMost: 2 },
  detail: `CPU, ${RECORDS} records of ${ROWS_A_RECORD} rows: ours ${each(seconds.ours)}, pass-through ${each(seconds.passThrough)}`,
};
console.log(JSON.stringify([figure]));

function passThrough({ recordId, data }: { readonly recordId: string; readonly data: string }) {
  const text = Buffer.from(data, 'base64').toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  const out = lines.map((line) => `${JSON.stringify(JSON.parse(line))}\n`).join('');
  return { recordId, result: 'Ok', data: Buffer.from(out).toString('base64') };
}
