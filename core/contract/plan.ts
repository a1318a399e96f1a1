/**
 * The plain form of a contract: what `defineDataset` reads out of the zod schema, as JSON.
 *
 * Every projection, the fast validator, the bulk SQL, the Lambdas and the Spark jobs take this form and
 * nothing else, so a Lambda carries no zod and PySpark reads the same file that TypeScript does.
 */

/** What a column holds. Values in a clean row are given in brackets. */
export type LakeType =
  /** Text [string]. */
  | { readonly kind: 'string' }
  /** One of a closed list of texts [string]. */
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** Whole number of 32 bits [number]. */
  | { readonly kind: 'int32' }
  /** Whole number of 64 bits, up to 19 digits [bigint]. */
  | { readonly kind: 'int64' }
  /** Floating number of 64 bits, always finite [number]. */
  | { readonly kind: 'double' }
  /** Exact decimal, such as money [string with exactly `scale` decimals, as in `'12.30'`]. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  /** Yes or no [boolean]. */
  | { readonly kind: 'boolean' }
  /** Calendar day [string, `YYYY-MM-DD`]. */
  | { readonly kind: 'date' }
  /** Instant in UTC, to the millisecond [string, `YYYY-MM-DDTHH:MM:SS.mmmZ`]. */
  | { readonly kind: 'timestamp' }
  /** List of values of one type [array]. */
  | { readonly kind: 'array'; readonly element: LakeField }
  /** Named fields [object]. */
  | { readonly kind: 'struct'; readonly fields: readonly NamedField[] };

export type LakeKind = LakeType['kind'];

/** Limits that a value keeps; absent means no limit. Bounds are inclusive. */
export interface Bounds {
  /** Smallest value: of a number as a number, of an int64 as digits, of a decimal as its text. */
  readonly minimum?: number | string;
  /** Largest value, written like `minimum`. */
  readonly maximum?: number | string;
  /** Fewest UTF-16 code units of a string, or elements of an array. */
  readonly minLength?: number;
  /** Most UTF-16 code units of a string, or elements of an array. */
  readonly maxLength?: number;
  /** Source of a regular expression (no flags) that a string must match; plain enough for RE2 as well. */
  readonly pattern?: string;
}

/** A type with its limits and whether it may be null. */
export interface LakeField extends Bounds {
  readonly type: LakeType;
  readonly nullable: boolean;
}

export interface NamedField extends LakeField {
  readonly name: string;
  readonly description: string;
}

/** What may be shown of a column, and to whom. */
export const PRIVACY_CLASSES = ['none', 'pseudonym', 'drop', 'sensitive'] as const;
/**
 * `none`: free to read. `pseudonym`: the source value is replaced by a keyed HMAC before it is stored.
 * `drop`: read from the source and never stored. `sensitive`: stored as it is, hidden from most roles.
 */
export type Privacy = (typeof PRIVACY_CLASSES)[number];

/**
 * Where a value comes from. `source`: the file or the record. `position`: the source if it gives one,
 * else made from the file's checksum and line. `lake`: set by Laketwin at ingestion.
 */
export type Origin = 'source' | 'position' | 'lake';

export interface Column extends NamedField {
  readonly privacy: Privacy;
  readonly origin: Origin;
  /** Unit of the value, such as `hours`; absent for plain counts and texts. */
  readonly unit?: string;
}

/** A repair of one source text before it is typed. Plain data, so that JavaScript and SQL apply the same rule. */
export type CleanRule = { readonly name: string; readonly column: string; readonly description: string } & (
  | { readonly kind: 'trim' }
  | { readonly kind: 'upper' }
  /** Whole texts that stand for others; compared exactly, after the rules above it. */
  | { readonly kind: 'map'; readonly values: Readonly<Record<string, string>> }
  /** `12,5` means `12.5`. */
  | { readonly kind: 'decimal-comma' }
);

export interface Retention {
  /** Days that a raw object is kept. */
  readonly rawDays: number;
  /** Days that a processed row is kept. */
  readonly processedDays: number;
}

export interface DatasetPlan {
  readonly name: string;
  readonly description: string;
  /** Names of the columns that identify a row. */
  readonly key: readonly string[];
  /** Name of the partition column; it is in the path, not in the file. */
  readonly partitionBy: string;
  /** Columns in storage order, without the partition column; those of privacy `drop` are never stored. */
  readonly columns: readonly Column[];
  /** Of two rows with one key, the one with the greater value of these columns is the newer, first column first. */
  readonly newestBy: readonly string[];
  readonly retention: Retention;
  /** Rules in the order in which they are applied. */
  readonly clean: readonly CleanRule[];
  /** Share of rejected rows above which a run ends with status 3. */
  readonly maxRejectedShare: number;
}

/** The columns that are written to processed/ and curated/. */
export function storedColumns(plan: DatasetPlan): readonly Column[] {
  return plan.columns.filter((column) => column.privacy !== 'drop');
}

/** The columns that a source may give; the rest are set by Laketwin. */
export function sourceColumns(plan: DatasetPlan): readonly Column[] {
  return plan.columns.filter((column) => column.origin !== 'lake');
}

/** The source columns that a file must have: the others are null, or made from the position, where missing. */
export function requiredColumns(plan: DatasetPlan): readonly Column[] {
  return plan.columns.filter((column) => column.origin === 'source' && !column.nullable && column.privacy !== 'drop');
}
