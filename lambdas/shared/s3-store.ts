import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
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

/** A lake in S3: a bucket for each zone. One put takes up to 5 GB. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #buckets: Readonly<Record<Zone, string>>;

  constructor(client: S3Client, buckets: Readonly<Record<Zone, string>>) {
    this.#client = client;
    this.#buckets = buckets;
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
      const found = await this.#client.send(new GetObjectCommand({ Bucket: this.#buckets[zone], Key: key }));
      return { info: infoOf(key, found), body: found.Body as Readable };
    } catch (error) {
      throw isMissing(error) ? new NoSuchObject(`there is no object ${zone}/${key}`) : error;
    }
  }

  async head(zone: Zone, key: string): Promise<ObjectInfo | undefined> {
    try {
      return infoOf(key, await this.#client.send(new HeadObjectCommand({ Bucket: this.#buckets[zone], Key: key })));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async *list(zone: Zone, prefix: string): AsyncIterable<ObjectInfo> {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.#buckets[zone], Prefix: prefix, ContinuationToken }),
      );
      for (const { Key, ...object } of page.Contents ?? []) {
        if (Key !== undefined) yield infoOf(Key, { ...object, ContentLength: object.Size });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async remove(zone: Zone, key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#buckets[zone], Key: key }));
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
      const put = new PutObjectCommand({
        Bucket: this.#buckets[zone],
        Key: key,
        Body: body(),
        ContentLength: size,
        IfNoneMatch: ifNoneMatch,
        IfMatch: ifMatch,
      });
      const { ETag } = await this.#client.send(put);
      return { key, sizeBytes: size, etag: ETag ?? '', lastModified: new Date() };
    } catch (error) {
      const status = statusOf(error);
      if (status === 409 && tries > 1) return this.#put(zone, key, body, size, { ifNoneMatch, ifMatch }, tries - 1);
      const isLost = status === 412 || status === 409 || (ifMatch !== undefined && isMissing(error));
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
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
