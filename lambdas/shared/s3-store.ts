import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  NoSuchObject,
  type ObjectInfo,
  type ObjectStore,
  PreconditionFailed,
  type PutOptions,
  type Zone,
} from '../../core/ports.ts';

/** Tries of a conditional put that S3 answers by 409: another one of the same key is under way. */
const TRIES = 3;

type Sdk = typeof import('@aws-sdk/client-s3');

/**
 * A lake in S3: a bucket for each zone. One put takes up to 5 GB.
 *
 * The SDK is loaded at the first call: it takes ten times as long as a transform's own code, and a transform whose rows
 * are all good never calls.
 */
export class S3ObjectStore implements ObjectStore {
  readonly #buckets: Readonly<Record<Zone, string>>;
  readonly #given: S3Client | undefined;
  #s3: Promise<{ readonly sdk: Sdk; readonly client: S3Client }> | undefined;

  /** @param client default: one for the function's own region and role. */
  constructor(buckets: Readonly<Record<Zone, string>>, client?: S3Client) {
    this.#buckets = buckets;
    this.#given = client;
  }

  async put(zone: Zone, key: string, body: Uint8Array | string, options: PutOptions = {}): Promise<ObjectInfo> {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return this.#put(zone, key, () => bytes, bytes.length, options);
  }

  async putFile(zone: Zone, key: string, path: string, options: PutOptions = {}): Promise<ObjectInfo> {
    return this.#put(zone, key, () => createReadStream(path), (await stat(path)).size, options);
  }

  async get(zone: Zone, key: string): Promise<{ readonly info: ObjectInfo; readonly body: Readable }> {
    try {
      const { sdk, client } = await this.#load();
      const found = await client.send(new sdk.GetObjectCommand({ Bucket: this.#buckets[zone], Key: key }));
      return { info: infoOf(key, found), body: found.Body as Readable };
    } catch (error) {
      throw isMissing(error) ? new NoSuchObject(`there is no object ${zone}/${key}`) : error;
    }
  }

  async head(zone: Zone, key: string): Promise<ObjectInfo | undefined> {
    try {
      const { sdk, client } = await this.#load();
      return infoOf(key, await client.send(new sdk.HeadObjectCommand({ Bucket: this.#buckets[zone], Key: key })));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async *list(zone: Zone, prefix: string): AsyncIterable<ObjectInfo> {
    const { sdk, client } = await this.#load();
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new sdk.ListObjectsV2Command({ Bucket: this.#buckets[zone], Prefix: prefix, ContinuationToken }),
      );
      for (const { Key, ...object } of page.Contents ?? []) {
        if (Key !== undefined) yield infoOf(Key, { ...object, ContentLength: object.Size });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async remove(zone: Zone, key: string): Promise<void> {
    const { sdk, client } = await this.#load();
    await client.send(new sdk.DeleteObjectCommand({ Bucket: this.#buckets[zone], Key: key }));
  }

  #load() {
    this.#s3 ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: this.#given ?? new sdk.S3Client() }));
    return this.#s3;
  }

  async #put(
    zone: Zone,
    key: string,
    body: () => Uint8Array | Readable,
    size: number,
    { ifNoneMatch, ifMatch }: PutOptions,
    tries = TRIES,
  ): Promise<ObjectInfo> {
    try {
      const { sdk, client } = await this.#load();
      const put = new sdk.PutObjectCommand({
        Bucket: this.#buckets[zone],
        Key: key,
        Body: body(),
        ContentLength: size,
        IfNoneMatch: ifNoneMatch,
        IfMatch: ifMatch,
      });
      const { ETag } = await client.send(put);
      return { key, sizeBytes: size, etag: ETag ?? '', lastModified: new Date() };
    } catch (error) {
      const status = statusOf(error);
      if (status === 409 && tries > 1) return this.#put(zone, key, body, size, { ifNoneMatch, ifMatch }, tries - 1);
      // A 409 that stays says nothing of the other put: it may fail, and then nothing is there.
      const isLost = status === 412 || (ifMatch !== undefined && isMissing(error));
      throw isLost ? new PreconditionFailed(`${zone}/${key} is there already, or has changed`) : error;
    }
  }
}

interface FoundObject {
  readonly ContentLength?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

function infoOf(key: string, { ContentLength = 0, ETag = '', LastModified = new Date(0) }: FoundObject): ObjectInfo {
  return { key, sizeBytes: ContentLength, etag: ETag, lastModified: LastModified };
}

function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

function statusOf(error: unknown): number | undefined {
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return metadata?.httpStatusCode;
}
