/** Records of a stream become rows, and each of them is in the ledger. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries } from '../../core/lake/read-ledger.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { rowsOfFile } from '../../local/stream-file.ts';
import { equal } from './equal.ts';
import { type DeployedLake, ofType } from './lake.ts';
import type { Proved } from './report.ts';
import { DATASET, expected, madeUp, storeOf, sum } from './take-files.ts';
import { until } from './until.ts';

const ROWS = 1200;
/** Rows that go alone in a record; the others go ten together, as full records are cheaper. */
const ALONE = 300;
const TOGETHER = 10;
/** Records of one call: the launcher takes each as what a buffer of Firehose held. */
const BATCH = 100;

export async function takeStream(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  const { bytes, broken } = madeUp(ROWS, 8, 'jsonl');
  const records = await recordsOf(lake, bytes);
  for (let at = 0; at < records.length; at += BATCH) await send(lake, records.slice(at, at + BATCH));
  let entries: LedgerEntry[] = [];
  const isThere = async () => {
    entries = (await listEntries(store, DATASET)).filter(({ source }) => source === 'stream');
    return sum(entries, 'rowsIn') >= ROWS;
  };
  const seen = async () => `the ledger has ${sum(entries, 'rowsIn')} of them in ${entries.length} entries`;
  await until(`${ROWS} streamed rows in the ledger`, 60, isThere, seen);
  const reasons: Record<string, number> = {};
  for (const { rejectedByReason } of entries) {
    for (const [reason, rows] of Object.entries(rejectedByReason)) reasons[reason] = (reasons[reason] ?? 0) + rows;
  }
  equal('streamed rows in the ledger', sum(entries, 'rowsIn'), ROWS);
  equal('rejected rows of the stream by column', byColumn(reasons), byColumn(expected(broken, 'rejected')));
  return {
    proved: 'Firehose, transform function and conversion turn records into Parquet, rejected rows and ledger entries',
    figures: { records: records.length, 'rows in': ROWS, rejected: sum(entries, 'rejected'), entries: entries.length },
  };
}

/** As a sender cuts a file into records. */
async function recordsOf({ emulator }: DeployedLake, bytes: Buffer): Promise<string[]> {
  const path = join(emulator.folder, 'stream.jsonl');
  const scratch = join(emulator.folder, 'stream');
  await writeFile(path, bytes);
  await mkdir(scratch);
  const rows: string[] = [];
  for await (const row of rowsOfFile(path, datasetNamed(DATASET), scratch)) rows.push(row);
  const records = rows.slice(0, ALONE);
  for (let at = ALONE; at < rows.length; at += TOGETHER) records.push(rows.slice(at, at + TOGETHER).join('\n'));
  return records;
}

/** A line that is no row has other reasons in a stream than in a file, so such lines count as one reason. */
function byColumn(reasons: Readonly<Record<string, number>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [reason, rows] of Object.entries(reasons)) {
    const name = reason.startsWith('row:') ? 'row' : reason;
    counts[name] = (counts[name] ?? 0) + rows;
  }
  return counts;
}

async function send(lake: DeployedLake, records: readonly string[]): Promise<void> {
  const [stream] = ofType(lake, 'AWS::KinesisFirehose::DeliveryStream');
  const { FailedPutCount } = await lake.clients.firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: stream?.physicalId,
      Records: records.map((record) => ({ Data: Buffer.from(`${record}\n`) })),
    }),
  );
  equal('records that the stream did not take', FailedPutCount, 0);
}
