import { createHash, type Hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ConvertOrder, FramedShard } from '../../core/contract/convert-definition.ts';
import { type DatasetPlan, sourceColumns } from '../../core/contract/plan.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { type FrameOptions, frameSource, RefusedObject, type SourceBytes } from '../convert/frame-source.ts';
import { headerWarnings, knownHeader } from '../convert/known-header.ts';

export interface FrameInput {
  readonly plan: DatasetPlan;
  readonly source: SourceBytes;
  /** Name it had where it came from. */
  readonly name: string;
  readonly rawKey?: string;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
  readonly receivedAt: string;
  readonly store: ObjectStore;
  /** Where the shards go, in raw/. */
  readonly prefix: string;
  /** An existing folder; holds a few shards at a time. */
  readonly scratch: string;
  readonly framing?: Pick<FrameOptions, 'shardBytes' | 'limits'>;
}

/**
 * Reads an object once from its beginning to its end, hashes it, and puts its framed lines into raw/ for the Spark job.
 * Returns what the job is to do. Done again, it puts the same shards.
 *
 * Throws `RefusedObject` where the object is no table of this dataset.
 */
export async function frameObject(input: FrameInput): Promise<ConvertOrder> {
  const { plan, name, rawKey, receivedAt, scratch, framing } = input;
  const { sizeBytes, body } = input.source;
  const hash = createHash('sha256');
  const framed = await frameSource(
    { sizeBytes, body: Readable.from(hashed(body, hash), { objectMode: true }) },
    { scratch, knownColumns: sourceColumns(plan).map((column) => column.name), ...framing },
  );
  try {
    const header = knownHeader(plan, framed.format);
    const shards = await putShards(input, framed.shards);
    if (shards.length === 0) throw new RefusedObject('no line below the header: send the whole file');
    const { kind, delimiter, description } = framed.format;
    const { width = 0, places = [] } = header ?? {};
    return {
      dataset: plan.name,
      checksum: hash.digest('hex'),
      name,
      receivedAt,
      format: { kind, delimiter, width, places: Object.fromEntries(places) },
      shards,
      object: {
        sizeBytes,
        format: description,
        warnings: [...framed.warnings, ...headerWarnings(header)],
        ...(rawKey !== undefined && { rawKey }),
      },
    };
  } finally {
    await framed.close();
    body.destroy();
  }
}

async function* hashed(body: Readable, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of body as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
}

/** One after the other, while the next ones are made. */
async function putShards(
  { store, prefix }: FrameInput,
  made: AsyncIterable<{ readonly path: string } & Omit<FramedShard, 'key'>>,
): Promise<FramedShard[]> {
  const shards: FramedShard[] = [];
  for await (const { path, firstLine, lines, bytes } of made) {
    const key = `${prefix}${String(shards.length).padStart(5, '0')}`;
    await store.putFile('raw', key, path);
    await rm(path, { force: true });
    shards.push({ key, firstLine, lines, bytes });
  }
  return shards;
}
