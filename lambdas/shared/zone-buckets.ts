import type { Zone } from '../../core/ports.ts';
import { env } from './env.ts';

/** The bucket of each zone, as the stack names them. Throws for one that is not set. */
export function zoneBuckets(): Record<Zone, string> {
  return {
    raw: env('RAW_BUCKET'),
    processed: env('PROCESSED_BUCKET'),
    curated: env('CURATED_BUCKET'),
    rejected: env('REJECTED_BUCKET'),
  };
}

/** Address of an object of the lake, as `s3://bucket/key`. */
export function s3Address(zone: Zone, key: string): string {
  return `s3://${zoneBuckets()[zone]}/${key}`;
}
