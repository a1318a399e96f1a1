/** Lists of files that Athena reads as one table: a text file with the address of a Parquet file on each line. */
import type { ObjectStore, Zone } from '../ports.ts';
import { type CuratedManifest, curatedFiles } from './curated-manifest.ts';
import { publishedPrefix } from './keys.ts';

/** Address of an object, as `s3://bucket/key`. */
export type AddressOf = (zone: Zone, key: string) => string;

/** Puts the list at `<prefix>files.txt` in curated/, in place of the one before: readers see either, never a half. */
export async function putFileList(store: ObjectStore, prefix: string, addresses: readonly string[]): Promise<void> {
  await store.put('curated', `${prefix}files.txt`, addresses.map((address) => `${address}\n`).join(''));
}

/** Lets readers see a published manifest. */
export async function publishList(store: ObjectStore, manifest: CuratedManifest, addressOf: AddressOf): Promise<void> {
  const addresses = curatedFiles(manifest).map(({ key }) => addressOf('curated', key));
  await putFileList(store, publishedPrefix(manifest.table), addresses);
}
