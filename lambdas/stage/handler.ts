/** The Lambda that puts together what a curated table would be after a run. */
import { S3ObjectStore } from '../shared/s3-store.ts';
import { s3Address, zoneBuckets } from '../shared/zone-buckets.ts';
import { type StagedTable, stageCandidate } from './stage-candidate.ts';

const ports = { store: new S3ObjectStore(zoneBuckets()), addressOf: s3Address, now: () => new Date() };

export function handler({ run, table }: { readonly run: string; readonly table: string }): Promise<StagedTable> {
  return stageCandidate(ports, run, table);
}
