/** The Lambda that publishes what a run staged, or refuses to. */
import { S3ObjectStore } from '../shared/s3-store.ts';
import { s3Address, zoneBuckets } from '../shared/zone-buckets.ts';
import { type CheckOutcome, publishCandidate } from './publish-candidate.ts';

const ports = { store: new S3ObjectStore(zoneBuckets()), addressOf: s3Address, now: () => new Date() };

interface PublishEvent {
  readonly run: string;
  readonly tables: readonly { readonly table: string }[];
  readonly checks: readonly CheckOutcome[];
}

export async function handler({ run, tables, checks }: PublishEvent) {
  const published: { readonly table: string; readonly version: number; readonly rows: number }[] = [];
  for (const { table } of tables) {
    const { version, rows } = await publishCandidate(ports, run, table, checks);
    published.push({ table, version, rows });
  }
  const warnings = checks.filter(({ isKept }) => !isKept).map(({ name }) => name);
  return { published, warnings };
}
