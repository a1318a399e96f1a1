/** The lake as the pages see it: in memory, and read again whenever something was published. */

import type { Parameters } from '../../core/dashboards/visual-sql.ts';
import { checksPrefix } from '../../core/lake/check-results.ts';
import { readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { ledgerPrefix } from '../../core/lake/keys.ts';
import { modelTables } from '../../datasets/features.ts';
import { datasets } from '../../datasets/index.ts';
import type { LakeState } from '../../pages/lake-state.ts';
import { SQL_ROOT } from '../curated-sql.ts';
import { type Engine, openEngine } from '../engine.ts';
import { type FileStore, openFileStore } from '../file-store.ts';
import { type Parameter, readSql } from '../sql-library.ts';

/** Time within which a page does not ask again whether the lake has changed, in milliseconds. */
const SURE_FOR = 500;
const QUERY_SECONDS = 20;

/** A state of the lake, and the engine behind it. */
interface Held extends LakeState {
  readonly engine: Engine;
}

export class PageLake {
  readonly #store: FileStore;
  readonly #table: string;
  #held: { readonly mark: string; readonly state: Held } | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #turn: Promise<unknown> = Promise.resolve();
  #problem: Error | undefined;

  private constructor(store: FileStore, table: string) {
    this.#store = store;
    this.#table = table;
  }

  static async open(folder: string, table: string): Promise<PageLake> {
    return new PageLake(await openFileStore(folder), table);
  }

  /**
   * Gives the newest state to `work`, one at a time. `problem` says why it is not the newest, where the lake has changed
   * and cannot be read; where there is no former state, it is thrown.
   */
  async read<T>(work: (lake: LakeState, problem: Error | undefined) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => work(await this.#current(), this.#problem));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#held?.state.engine.close();
    this.#held = undefined;
  }

  async #current(): Promise<LakeState> {
    const now = performance.now();
    if (this.#held !== undefined && now - this.#askedAt < SURE_FOR) return this.#held.state;
    try {
      const mark = await this.#mark();
      if (this.#held?.mark !== mark) await this.#load(mark);
      this.#problem = undefined;
    } catch (error) {
      if (this.#held === undefined) throw error;
      this.#problem = error instanceof Error ? error : new Error(String(error));
    }
    this.#askedAt = now;
    if (this.#held === undefined) throw new Error('the lake was read and gave no state');
    return this.#held.state;
  }

  async #load(mark: string): Promise<void> {
    const held = [this.#table, `rejected_${this.#table}`, ...modelTables(this.#table).map(({ name }) => name)];
    const engine = await openEngine(this.#store, datasets, {
      estimatesScans: false,
      timeoutSeconds: QUERY_SECONDS,
      held,
    });
    const views = await readSql(SQL_ROOT, this.#table, 'views');
    const version = (await readCurrentManifest(this.#store, this.#table))?.version;
    await this.#held?.state.engine.close();
    const ask = (sql: string, parameters: Parameters) => engine.query(sql, parameters, asText(parameters));
    this.#held = { mark, state: { engine, ask, views, version } };
  }

  /** Differs as soon as anything was taken in, checked, published or scored. */
  async #mark(): Promise<string> {
    const version = (await readCurrentManifest(this.#store, this.#table))?.version ?? 0;
    const marks = [await this.#last('processed', ledgerPrefix(this.#table))];
    for (const prefix of [checksPrefix(this.#table), ...modelTables(this.#table).map(({ name }) => `${name}/`)])
      marks.push(await this.#last('curated', prefix));
    return [version, ...marks].join(' ');
  }

  async #last(zone: 'processed' | 'curated', prefix: string): Promise<string> {
    let count = 0;
    let newest = 0;
    for await (const { lastModified } of this.#store.list(zone, prefix)) {
      count += 1;
      newest = Math.max(newest, lastModified.getTime());
    }
    return `${count}@${newest}`;
  }
}

function asText(parameters: Parameters): Parameter[] {
  return Object.keys(parameters).map((name) => ({ name, type: 'text', byDefault: '', description: name }));
}
