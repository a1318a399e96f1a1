/** Where everything lies in the lake. Keys are the same on a laptop and on S3. */

/** `raw/<dataset>/<checksum>/<file name>`: the same bytes are the same object, whatever day they come. */
export function rawKey(dataset: string, checksum: string, fileName: string): string {
  return `${dataset}/${checksum}/${safeName(fileName)}`;
}

/** `processed/<dataset>/ingest_date=<day>/<checksum>-<part>.parquet`, with `-r<revision>` before the part from revision 1. */
export function dataKey(
  dataset: string,
  partitionBy: string,
  day: string,
  id: string,
  part: number,
  revision = 0,
): string {
  const again = revision === 0 ? '' : `-r${revision}`;
  return `${dataPrefix(dataset, partitionBy, day, id)}${again}-${String(part).padStart(5, '0')}.parquet`;
}

/** Beginning of the keys of an object's files, of every revision. */
export function dataPrefix(dataset: string, partitionBy: string, day: string, id: string): string {
  return `${dayPrefix(dataset, partitionBy, day)}${id.slice(0, 32)}`;
}

/** Folder of a day's files in processed/ or rejected/. */
export function dayPrefix(dataset: string, partitionBy: string, day: string): string {
  return `${dataset}/${partitionBy}=${day}/`;
}

/** End of the name of a file that a stream delivered: its entry is written after it, by who is told of it. */
export const DELIVERED = '.stream.parquet';

/** `curated/<table>/ingest_date=<day>/<id>.parquet`. */
export function curatedKey(table: string, partitionBy: string, day: string, id: string): string {
  return `${table}/${partitionBy}=${day}/${id}.parquet`;
}

/** Folder of the list of a curated table's files that Athena follows. */
export function publishedPrefix(table: string): string {
  return `published/${table}/`;
}

/** Folder of the list of a curated table's files as the next publication would have it. */
export function candidatePrefix(table: string): string {
  return `candidate/${table}/`;
}

/** Prefix of a dataset's ledger, in processed/; no dataset may bear its name. */
export function ledgerPrefix(dataset: string): string {
  return `ledger/${dataset}/`;
}

export function ledgerKey(dataset: string, id: string): string {
  return `${ledgerPrefix(dataset)}${id}.json`;
}

/** Where it is written that an object was refused, and why: `_refused/<dataset>/<id>.json` in processed/. */
export function refusalKey(dataset: string, id: string): string {
  return `_refused/${dataset}/${id}.json`;
}

/** A file name reduced to what is safe in a path, a URL and a shell; never empty, never hidden, at most 120 characters. */
export function safeName(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) ?? '';
  const plain = base
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(-120);
  return plain === '' ? 'unnamed' : plain;
}
