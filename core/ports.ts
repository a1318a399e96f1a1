/**
 * What the core asks of the world. The laptop (`local/`) and AWS (`lambdas/shared/`) each offer these.
 */
import type { Readable } from 'node:stream';

/** The zones of the lake: a folder each on a laptop, a bucket each on AWS. */
export const ZONES = ['raw', 'processed', 'curated', 'rejected'] as const;
export type Zone = (typeof ZONES)[number];

export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  /** Changes whenever the bytes change; opaque. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface PutOptions {
  /** `'*'`: only if no object has this key yet, as S3's `If-None-Match: *`. */
  readonly ifNoneMatch?: '*';
  /** Only if the object still has this etag, as S3's `If-Match`. */
  readonly ifMatch?: string;
}

/** A conditional write that lost: the object was there (or had changed) already. S3's 412. */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
}

/** No object has this key. S3's 404. */
export class NoSuchObject extends Error {
  override readonly name = 'NoSuchObject';
}

/** Keys are S3 keys: `/`-separated, no leading `/`. A put is seen whole or not at all. */
export interface ObjectStore {
  put(zone: Zone, key: string, body: Uint8Array | string, options?: PutOptions): Promise<ObjectInfo>;
  /** Puts a local file; the file may be moved away by it. */
  putFile(zone: Zone, key: string, path: string, options?: PutOptions): Promise<ObjectInfo>;
  /** Throws `NoSuchObject`. */
  get(zone: Zone, key: string): Promise<{ readonly info: ObjectInfo; readonly body: Readable }>;
  head(zone: Zone, key: string): Promise<ObjectInfo | undefined>;
  /** In the order of the keys' UTF-8 bytes. */
  list(zone: Zone, prefix: string): AsyncIterable<ObjectInfo>;
  /** Removing what is not there is not an error. */
  remove(zone: Zone, key: string): Promise<void>;
}

/** Progress of long work: called often, cheap, never throws. */
export type OnProgress = (done: { readonly bytes: number; readonly totalBytes: number; readonly rows: number }) => void;
