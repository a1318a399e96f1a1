/**
 * Statistics of a column of few distinct values, from those few. The writer compares every value with the smallest and
 * the largest so far, which is a quarter of its time; most columns repeat a few values, and then this says the same.
 */
import { Buffer } from 'node:buffer';
import type { ParquetWriter } from 'hyparquet-writer';

type Chunk = ParquetWriter['row_groups'][number]['columns'][number];
type Statistics = NonNullable<NonNullable<Chunk['meta_data']>['statistics']>;
type Value = number | bigint | boolean | string;

/** Above this many distinct values, comparing all of them costs no more than telling them apart. */
const FEW = 1000;

/** Undefined where the column has more than a few distinct values. */
export function statisticsOfFew(values: readonly unknown[]): Statistics | undefined {
  const distinct = new Set<Value>();
  let nulls = 0;
  let last: unknown;
  for (const value of values) {
    if (value === null || value === undefined) nulls += 1;
    else if (value !== last) {
      distinct.add(value as Value);
      if (distinct.size > FEW) return undefined;
      last = value;
    }
  }
  const sorted = [...distinct].sort(compare);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return { null_count: BigInt(nulls) };
  // A zero stands for both zeros in the format: the least is written as -0, the most as 0.
  return { min_value: least === 0 ? -0 : least, max_value: most === 0 ? 0 : most, null_count: BigInt(nulls) };
}

/** Puts statistics into a chunk that was written without, and the list of its pages' encodings that goes with them. */
export function describeChunk({ meta_data }: Chunk, statistics: Statistics, pages: number): void {
  if (meta_data === undefined) return;
  const encoding = meta_data.encodings.at(-1) ?? 'PLAIN';
  const hasDictionary = meta_data.dictionary_page_offset !== undefined;
  meta_data.statistics = statistics;
  meta_data.encoding_stats = [
    ...(hasDictionary ? [{ page_type: 'DICTIONARY_PAGE', encoding: 'PLAIN', count: 1 } as const] : []),
    { page_type: 'DATA_PAGE_V2', encoding, count: pages },
  ];
}

/** Texts in the order of their UTF-8 bytes, as the format has it; JavaScript's own differs beyond U+D7FF. */
function compare(left: Value, right: Value): number {
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(`${right}`));
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
