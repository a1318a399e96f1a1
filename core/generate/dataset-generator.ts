/** What a dataset offers so that rows of it can be made up, in any number, from a seed. */
export interface DatasetGenerator {
  /** Every column that it can write, in order. */
  readonly columns: readonly string[];
  /** Those that it writes unless told otherwise. */
  readonly defaultColumns: readonly string[];
  /** The column that says when a row came about; a stream gives it the present. */
  readonly timeColumn: string;
  readonly brokenKinds: readonly BrokenKind[];
  /** Prepares to draw; the answer draws the rows of one batch, in any order of batches. */
  open(options: DrawOptions): (batch: number) => GeneratedBatch;
}

/** Rows of a batch; the last one of a file is smaller. */
export const BATCH_ROWS = 8192;

export interface DrawOptions {
  /** Rows in all; `Infinity` for a stream. */
  readonly rows: number;
  /** Any safe integer: the same seed and rows give the same values on every machine. */
  readonly seed: number;
  /** The instant near which all rows come about; without it they spread over the generator's own period. */
  readonly at?: Date;
}

export interface GeneratedBatch {
  readonly rows: number;
  readonly columns: readonly GeneratedColumn[];
}

/**
 * A column as the parts of its text, one after the other.
 *
 * A row without a value has the empty text in every part, a row with a value in none.
 */
export interface GeneratedColumn {
  readonly name: string;
  /** How JSON writes it; a boolean is `1` or `0` in the texts. */
  readonly json: 'string' | 'number' | 'boolean';
  readonly parts: readonly Part[];
}

/** Codes of the rows and the texts they stand for; the texts are the same array in every batch. */
export interface Part {
  readonly codes: Uint16Array;
  readonly texts: readonly string[];
}

export type TextFormat = 'csv' | 'jsonl' | 'json';

/** What a lake must do with a broken row. */
export type Outcome = 'accepted' | 'repaired' | 'duplicate' | 'rejected';

/** One way in which a row can be broken. */
export interface BrokenKind {
  readonly name: string;
  readonly outcome: Outcome;
  /** Reason code of a rejection, or name of the cleaning rule that repairs. */
  readonly by?: string;
  readonly formats: readonly TextFormat[];
  /** Columns that the file must have for this kind, and those it must not have. */
  readonly needs?: readonly string[];
  readonly without?: readonly string[];
  readonly change: Change;
}

export type Change =
  /** Another text in one cell; the row is written as it should be around it. */
  | { readonly column: string; readonly to: (text: string) => string }
  /** Other bytes for the whole line, both without the line end. */
  | { readonly line: (line: Buffer) => Buffer }
  /** The line above, once more. */
  | 'repeat';

/** How many rows of a broken kind were written. */
export interface BrokenCount {
  readonly kind: string;
  readonly outcome: Outcome;
  /** Reason code of the rejection, or name of the cleaning rule that repairs. */
  readonly by?: string;
  readonly rows: number;
}
