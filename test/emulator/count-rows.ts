/** What Athena counts over the catalog's tables is what the ledger says, source by source. */
import { listEntries } from '../../core/lake/read-ledger.ts';
import { query } from './athena.ts';
import { equal } from './equal.ts';
import type { DeployedLake } from './lake.ts';
import type { Proved } from './report.ts';
import { DATASET, storeOf } from './take-files.ts';

export async function countRows(lake: DeployedLake): Promise<Proved> {
  const entries = await listEntries(storeOf(lake), DATASET);
  const processed: Record<string, number> = {};
  const rejected: Record<string, number> = {};
  for (const entry of entries) {
    const source = entry.source === 'stream' ? 'stream' : entry.id;
    add(processed, source, entry.accepted + entry.duplicates);
    for (const [reason, rows] of Object.entries(entry.rejectedByReason)) add(rejected, `${source} ${reason}`, rows);
  }
  const source = `case source when 'stream' then 'stream' else source_checksum end`;
  const ofProcessed = await query(
    lake,
    `select ${source} as came_from, count(*) as row_count from processed_${DATASET} group by 1`,
  );
  const ofRejected = await query(
    lake,
    `select ${source} as came_from, reason, count(*) as row_count from rejected_${DATASET} group by 1, 2`,
  );
  equal(
    `rows of processed_${DATASET} by source, Athena beside the ledger`,
    Object.fromEntries(ofProcessed.map(([from = '', rows]) => [from, Number(rows)])),
    processed,
  );
  equal(
    `rows of rejected_${DATASET} by source and reason, Athena beside the ledger`,
    Object.fromEntries(ofRejected.map(([from, reason, rows]) => [`${from} ${reason}`, Number(rows)])),
    rejected,
  );
  return {
    proved: 'Athena counts over the tables of the catalog what the ledger says, for each source and reason',
    figures: { 'ledger entries': entries.length, processed: total(processed), rejected: total(rejected) },
  };
}

function add(counts: Record<string, number>, name: string, rows: number): void {
  if (rows > 0) counts[name] = (counts[name] ?? 0) + rows;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, rows) => sum + rows, 0);
}
