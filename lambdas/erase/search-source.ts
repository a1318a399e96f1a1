import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { type DatasetPlan, sourceColumns } from '../../core/contract/plan.ts';
import { mapHeader } from '../../core/etl/header-map.ts';
import { frameSource, type Shard, type SourceFormat } from '../convert/frame-source.ts';
import { PLACEHOLDER } from '../convert/marked-line.ts';
import type { RecordFormat } from '../convert/read-line.ts';

/** A record of a source that is looked for. */
export interface Hit {
  /** Its line from 1; its number in a JSON array. */
  readonly line: number;
  /** Physical lines that it takes; 1 in a JSON array. */
  readonly lines: number;
  /** As it came. */
  readonly text: string;
}

export interface SearchedSource {
  readonly hits: readonly Hit[];
  readonly format: SourceFormat;
  readonly recordFormat: RecordFormat;
  /** Records that are no hits. */
  readonly others: number;
  /** SHA-256 of the others with their lines, as framing gives them: what must not change when the hits are erased. */
  readonly othersDigest: string;
  /** Lines of records of which framing kept the beginning only. */
  readonly cutLines: readonly number[];
}

/** Says of a record at a line whether it is looked for; `isFramed` is false for one that framing could not read. */
export type IsHit = (record: {
  readonly text: string;
  readonly line: number;
  readonly isFramed: boolean;
  readonly format: RecordFormat;
}) => boolean;

const PLACEHOLDER_TEXT = String.fromCharCode(PLACEHOLDER);

/** Goes through the records of a file as a conversion does. Throws `RefusedObject` where it is no table of the dataset. */
export async function searchSource(
  path: string,
  { plan, scratch, isHit }: { readonly plan: DatasetPlan; readonly scratch: string; readonly isHit: IsHit },
): Promise<SearchedSource> {
  const source = await frameSource(path, { scratch, knownColumns: sourceColumns(plan).map(({ name }) => name) });
  const format: RecordFormat =
    source.format.kind === 'json'
      ? { kind: 'json' }
      : { kind: 'csv', delimiter: source.format.delimiter, header: mapHeader(plan, source.format.header) };
  const digest = createHash('sha256');
  const hits: Hit[] = [];
  const cutLines: number[] = [];
  let others = 0;
  for await (const shard of source.shards) {
    for (const { framed, line } of await recordsOf(shard)) {
      const { text, isFramed, isCut } = recordIn(framed);
      if (isCut) cutLines.push(line);
      if (isHit({ text, line, isFramed, format })) {
        const isElement = source.format.description.startsWith('json array');
        hits.push({ line, lines: isElement ? 1 : text.split('\n').length, text });
        continue;
      }
      others += 1;
      digest.update(`${line} ${framed.length} `).update(framed);
    }
    await rm(shard.path, { force: true });
  }
  return { hits, format: source.format, recordFormat: format, others, othersDigest: digest.digest('hex'), cutLines };
}

async function recordsOf(shard: Shard): Promise<{ readonly framed: string; readonly line: number }[]> {
  const lines = (await readFile(shard.path, 'utf8')).split('\n').slice(0, shard.lines);
  return lines.flatMap((framed, at) => (framed === PLACEHOLDER_TEXT ? [] : [{ framed, line: shard.firstLine + at }]));
}

/** See `Shard` for the marks. */
function recordIn(framed: string): { readonly text: string; readonly isFramed: boolean; readonly isCut: boolean } {
  if (framed.startsWith('\x1d')) {
    const [, , byteLength = '0', base64 = ''] = framed.split('\t');
    const bytes = Buffer.from(base64, 'base64');
    return { text: bytes.toString('utf8'), isFramed: false, isCut: bytes.length < Number(byteLength) };
  }
  const text = framed.startsWith('\x1c')
    ? Buffer.from(framed.slice(1), 'base64').toString('utf8')
    : framed.replaceAll(PLACEHOLDER_TEXT, '\n');
  return { text, isFramed: true, isCut: false };
}
