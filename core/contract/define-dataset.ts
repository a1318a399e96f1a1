import * as z from 'zod';
import type { CleanRule, Column, DatasetPlan, Origin, Privacy, Retention } from './plan.ts';
import { type JsonSchema, readField } from './read-field.ts';
import { int64, isLakeCheck, timestamp } from './types.ts';

declare module 'zod' {
  interface GlobalMeta {
    /** Who may see the column; `none` unless given. */
    privacy?: Privacy;
    /** Where its value comes from; `source` unless given. */
    origin?: Origin;
    /** Unit of the value, such as `hours`. */
    unit?: string;
    /** Set by the builders of `types.ts`. */
    lakeType?: string;
    bounds?: { minimum?: string; maximum?: string };
  }
}

/** A contract: its plan, and the zod schema of a clean row that the plan was read from. */
export interface Dataset extends DatasetPlan {
  readonly row: z.ZodObject;
}

type RowShape = Readonly<Record<string, z.ZodType>>;
type LineageName = keyof typeof LINEAGE;

export interface DatasetDefinition<Shape extends RowShape> {
  /** `snake_case`; also the name of its folder, prefix, table and SQL folder. */
  readonly name: string;
  /** One sentence that gives the grain. */
  readonly description: string;
  readonly key: readonly ((keyof Shape & string) | LineageName)[];
  /** @default 'ingest_date' */
  readonly partitionBy?: string;
  /** @default the time of ingestion, then the line */
  readonly newestBy?: readonly ((keyof Shape & string) | LineageName)[];
  readonly retention: Retention;
  /** @default no rule */
  readonly clean?: readonly CleanRule[];
  /** @default 0.05 */
  readonly maxRejectedShare?: number;
  readonly row: z.ZodObject<Shape>;
}

/** What Laketwin adds to every row. */
/** Folders of zones that hold no rows of a dataset. */
const RESERVED: readonly string[] = ['candidate', 'checks', 'features', 'ledger', 'models', 'published', 'scores'];

const LINEAGE = {
  ingested_at: timestamp().meta({ description: 'When Laketwin received the row.', origin: 'lake' }),
  source: z
    .enum(['batch', 'stream'])
    .meta({ description: 'How the row came: in a file or as a record.', origin: 'lake' }),
  source_checksum: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .meta({ description: 'SHA-256 of the file that the row stands in; null for a record of its own.', origin: 'lake' }),
  source_line: int64({ minimum: 1n })
    .nullable()
    .meta({ description: 'Line of that file, from 1, the header included.', origin: 'lake' }),
};

/** Days in some months, as retention counts them. */
export function months(count: number): number {
  return Math.round(count * (365 / 12));
}

/**
 * Reads a contract into a dataset.
 *
 * Throws one sentence for what a contract cannot say: a column without description, a transform or a coercion, an
 * optional column (make it nullable), a name that is not `snake_case`, a key, rule or order that names no column.
 */
export function defineDataset<Shape extends RowShape>(definition: DatasetDefinition<Shape>): Dataset {
  const { name, row: declared } = definition;
  snakeCase(name, `the dataset '${name}'`);
  if (RESERVED.includes(name)) {
    throw new Error(`the dataset '${name}' has the name of a folder of the lake: give it another name`);
  }
  const taken = Object.keys(declared.shape).filter((column) => column in LINEAGE);
  if (taken.length > 0)
    throw new Error(`${name}.${taken[0]} is a column that Laketwin adds itself: give it another name`);
  const row = declared.extend(LINEAGE) as unknown as z.ZodObject;
  const columns = columnsOf(name, row);
  const plan: DatasetPlan = {
    name,
    description: definition.description,
    key: definition.key,
    partitionBy: definition.partitionBy ?? 'ingest_date',
    columns,
    newestBy: definition.newestBy ?? ['ingested_at', 'source_line'],
    retention: definition.retention,
    clean: definition.clean ?? [],
    maxRejectedShare: definition.maxRejectedShare ?? 0.05,
  };
  checkNames(plan);
  return { ...plan, row };
}

/** The plan alone: plain JSON, for Lambdas, Spark and files. */
export function planOf({ row: _row, ...plan }: Dataset): DatasetPlan {
  return plan;
}

function columnsOf(dataset: string, row: z.ZodObject): Column[] {
  const schema = z.toJSONSchema(row, {
    unrepresentable: 'any',
    override: ({ zodSchema, path }) => {
      const place = [dataset, ...path.filter((it) => it !== 'properties')].join('.');
      refuse(place, zodSchema);
    },
  }) as { readonly properties: Readonly<Record<string, JsonSchema>>; readonly required?: readonly string[] };
  return Object.entries(schema.properties).map(([name, json]) => {
    const place = `${dataset}.${name}`;
    snakeCase(name, `the column ${place}`);
    if (!json.description) throw new Error(`${place} has no description; add .meta({ description: '…' })`);
    if (!schema.required?.includes(name))
      throw new Error(`${place} is optional: make it nullable, a missing value is null`);
    const { description, privacy = 'none', origin = 'source', unit } = json;
    return { name, description, ...readField(place, json), privacy, origin, ...(unit === undefined ? {} : { unit }) };
  });
}

/** What changes or guesses values instead of describing them, or what no column holds. */
const REFUSED: ReadonlySet<string> = new Set([
  ...['transform', 'pipe', 'default', 'prefault', 'catch'],
  ...['date', 'record', 'map', 'set', 'tuple', 'any', 'unknown', 'lazy'],
]);

/** Throws for what the plan cannot say, so that the plan's checks are all that zod checks. */
function refuse(place: string, schema: z.core.$ZodType): void {
  const { type, checks = [], ...def } = schema._zod.def;
  const what = 'coerce' in def && def.coerce === true ? 'coercion' : type;
  if (what === 'coercion' || REFUSED.has(what)) {
    throw new Error(`${place} is a ${what}: a contract describes the clean row, repairs belong in clean.ts`);
  }
  if (checks.some((check) => check._zod.def.check === 'custom' && !isLakeCheck(check))) {
    throw new Error(`${place} has a refinement, which SQL cannot check: use bounds, a list or a pattern`);
  }
}

function checkNames(plan: DatasetPlan): void {
  const names = new Set(plan.columns.map((column) => column.name));
  const mentioned = [
    ...plan.key.map((column) => ['key', column] as const),
    ...plan.newestBy.map((column) => ['newestBy', column] as const),
    ...plan.clean.map(({ name, column }) => [`cleaning rule ${name}`, column] as const),
  ];
  for (const [what, column] of mentioned) {
    if (!names.has(column)) throw new Error(`${plan.name}: the ${what} names '${column}', which is no column`);
  }
  if (plan.key.length === 0) throw new Error(`${plan.name} has no key: name the columns that identify a row`);
  if (names.has(plan.partitionBy))
    throw new Error(`${plan.name}.${plan.partitionBy} is the partition: it is in the path, not in the row`);
  const rules = plan.clean.map((rule) => rule.name);
  const twice = rules.find((rule, index) => rules.indexOf(rule) !== index);
  if (twice !== undefined) throw new Error(`${plan.name}: two cleaning rules have the name '${twice}'`);
}

function snakeCase(name: string, what: string): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`${what} is not snake_case: use a-z, 0-9 and _`);
}
