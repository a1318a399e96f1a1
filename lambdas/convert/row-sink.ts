import { writeFile } from 'node:fs/promises';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { toParquet } from '../../core/contract/to-parquet.ts';

/** A Parquet file in the scratch folder. */
export interface Part {
  readonly path: string;
  readonly rows: number;
}

/** Rows, and characters in them, that are held before a file is written. */
const MOST_ROWS = 20_000;
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** Takes rows one by one and writes them as Parquet files, holding few of them in memory. */
export class RowSink {
  readonly parts: Part[] = [];
  readonly #plan: DatasetPlan;
  readonly #pathOf: (part: number) => string;
  #rows: Readonly<Record<string, unknown>>[] = [];
  #characters = 0;

  /** @param pathOf path of the n-th file, counted from 0. */
  constructor(plan: DatasetPlan, pathOf: (part: number) => string) {
    this.#plan = plan;
    this.#pathOf = pathOf;
  }

  /** Rows taken so far. */
  get count(): number {
    return this.parts.reduce((sum, part) => sum + part.rows, this.#rows.length);
  }

  /** @param characters about how long the row is. */
  async add(row: Readonly<Record<string, unknown>>, characters: number): Promise<void> {
    this.#rows.push(row);
    this.#characters += characters;
    if (this.#rows.length >= MOST_ROWS || this.#characters >= MOST_CHARACTERS) await this.flush();
  }

  /** Writes what is held. */
  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#characters = 0;
    const path = this.#pathOf(this.parts.length);
    await writeFile(path, toParquet(this.#plan, rows));
    this.parts.push({ path, rows: rows.length });
  }
}
