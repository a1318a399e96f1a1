import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from '../../core/contract/duckdb-type.ts';
import { stagedKey, type ZoneKey } from '../../core/lake/erasures.ts';
import type { DataFile } from '../../core/lake/ledger.ts';
import { pathText } from '../../core/lake/settle-sql.ts';
import type { Zone } from '../../core/ports.ts';
import { PARQUET } from '../convert/convert-shard.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import type { FoundFile } from './find-in-entry.ts';
import type { FoundRow } from './found-rows.ts';
import { rewriteSource } from './rewrite-source.ts';
import type { SearchedRaw } from './search-raw.ts';
import { searchSource } from './search-source.ts';

/** A file of an entry as it is to be; `isNew` where it must be put. */
export interface RemainingFile {
  readonly file: DataFile;
  readonly path: string;
  readonly rows: number;
  readonly isNew: boolean;
}

/** Writes what an erasure leaves, under keys that no reader knows, and remembers what is to be done with it. */
export class Stage {
  /** Objects that take over another key once the erasure is certain. */
  readonly moves: (ZoneKey & { readonly to: string })[] = [];
  /** Objects that go once it is. */
  readonly removes: ZoneKey[] = [];
  readonly ports: ReprocessPorts;
  readonly connection: DuckDBConnection;
  readonly erasure: number;
  readonly at: string;
  readonly #folder: string;
  #written = 0;

  constructor(given: {
    readonly ports: ReprocessPorts;
    readonly connection: DuckDBConnection;
    readonly folder: string;
    readonly erasure: number;
    readonly at: string;
  }) {
    this.ports = given.ports;
    this.connection = given.connection;
    this.erasure = given.erasure;
    this.at = given.at;
    this.#folder = given.folder;
  }

  /** The files of an entry without rows; a file of which nothing is left goes. With `name`, it is the source's in all. */
  async remaining(zone: Zone, files: readonly FoundFile<FoundRow>[], name?: string): Promise<RemainingFile[]> {
    const left: RemainingFile[] = [];
    for (const { file, path, rows } of files) {
      if (rows.length === 0 && name === undefined) {
        left.push({ file, path, rows: file.rows, isNew: false });
        continue;
      }
      this.removes.push({ zone, key: file.key });
      const places = rows.map(({ place }) => place);
      const written = await this.#copyWithout(path, places, name);
      this.#requireLeft(file.key, written.rows, file.rows - rows.length);
      if (written.rows > 0) left.push({ file, ...written, isNew: true });
    }
    return left;
  }

  /**
   * Writes a raw object without its hits and reads it again. Throws where its other records are not those that were
   * there; undefined where none are left.
   */
  async withoutHits({ key, path, source }: SearchedRaw): Promise<{ path: string; checksum: string } | undefined> {
    if (source.others === 0) return undefined;
    const out = this.#path();
    const checksum = await rewriteSource(path, source.format, source.hits, out);
    const { plan } = this.ports;
    const again = await searchSource(out, { plan, scratch: this.#folder, isHit: () => false });
    if (again.othersDigest !== source.othersDigest)
      throw new Error(`raw/${key} reads otherwise once the person's rows are cut out: nothing was erased`);
    return { path: out, checksum };
  }

  /** Has an object replaced by a file once the erasure is certain. */
  async moveFile({ zone, key: to }: ZoneKey, path: string): Promise<void> {
    const key = this.#stagedKey();
    await this.ports.store.putFile(zone, key, path);
    this.moves.push({ zone, key, to });
  }

  /** Has an object replaced by a text once the erasure is certain; it goes where the text is empty. */
  async moveText({ zone, key: to }: ZoneKey, text: string): Promise<void> {
    if (text === '') {
      this.removes.push({ zone, key: to });
      return;
    }
    const key = this.#stagedKey();
    await this.ports.store.put(zone, key, text);
    this.moves.push({ zone, key, to });
  }

  /** Has a table's file replaced by one without some rows. */
  async moveRows(object: ZoneKey, path: string, places: readonly number[]): Promise<void> {
    const written = await this.#copyWithout(path, places);
    if (written.rows === 0) this.removes.push(object);
    else await this.moveFile(object, written.path);
  }

  async #copyWithout(path: string, places: readonly number[], name?: string) {
    const out = this.#path();
    const columns = name === undefined ? '' : `replace (${sqlText(name)} as source_name)`;
    const result = await this.connection.runAndReadAll(
      `copy (select * exclude (file_row_number) ${columns}
         from read_parquet(${pathText(path)}, hive_partitioning = false, file_row_number = true)
         where not list_contains([${places.join(', ')}]::bigint[], file_row_number) order by file_row_number)
       to ${sqlText(out)} ${PARQUET}`,
    );
    return { path: out, rows: Number(result.getRows()[0]?.[0]) };
  }

  #requireLeft(key: string, found: number, expected: number): void {
    if (found !== expected)
      throw new Error(`${found} rows of ${key} are left, expected ${expected}: nothing was erased`);
  }

  #path(): string {
    this.#written += 1;
    return join(this.#folder, `staged-${this.#written}`);
  }

  #stagedKey(): string {
    return stagedKey(this.ports.plan.name, this.erasure, this.moves.length);
  }
}
