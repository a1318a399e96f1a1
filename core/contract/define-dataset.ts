import * as z from 'zod';
import type { CleanRule, Column, DatasetPlan, LakeField, LakeType, NamedField, Retention } from './plan.ts';
import { date, int64, pseudonym, timestamp } from './types.ts';

declare module 'zod' {
  interface GlobalMeta {
    privacy?: 'none' | 'pseudonym' | 'drop' | 'sensitive';
    origin?: 'source' | 'position' | 'lake';
    unit?: string;
    lakeType?: string;
  }
}

export interface Dataset extends DatasetPlan {
  readonly row: z.ZodObject;
}

const LINEAGE = {
  ingested_at: timestamp().meta({ description: 'When Laketwin received the row.', origin: 'lake' }),
  source: z.enum(['batch', 'stream']).meta({ description: 'How the row came.', origin: 'lake' }),
  source_checksum: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .meta({ description: 'SHA-256 of the file the row came from.', origin: 'lake' }),
  source_line: int64({ minimum: 1n })
    .nullable()
    .meta({ description: 'Line of the file the row came from.', origin: 'lake' }),
};

export function defineDataset<Shape extends z.ZodRawShape>(definition: {
  readonly name: string;
  readonly description: string;
  readonly key: readonly (keyof Shape & string)[];
  readonly partitionBy?: string;
  readonly newestBy?: readonly string[];
  readonly retention: Retention;
  readonly clean?: readonly CleanRule[];
  readonly maxRejectedShare?: number;
  readonly row: z.ZodObject<Shape>;
}): Dataset {
  const row = definition.row.extend(LINEAGE) as unknown as z.ZodObject;
  const schema = z.toJSONSchema(row, { unrepresentable: 'any' }) as { properties: Record<string, Json> };
  const columns = Object.entries(schema.properties).map(([name, json]) => columnOf(definition.name, name, json));
  return {
    name: definition.name,
    description: definition.description,
    key: definition.key,
    partitionBy: definition.partitionBy ?? 'ingest_date',
    columns,
    newestBy: definition.newestBy ?? ['ingested_at', 'source_line'],
    retention: definition.retention,
    clean: definition.clean ?? [],
    maxRejectedShare: definition.maxRejectedShare ?? 0.05,
    row,
  };
}

export function planOf({ row: _row, ...plan }: Dataset): DatasetPlan {
  return plan;
}

// biome-ignore lint/suspicious/noExplicitAny: stand-in
type Json = any;

function columnOf(dataset: string, name: string, json: Json): Column {
  const field = fieldOf(json);
  if (!json.description) throw new Error(`${dataset}.${name} has no description; add .meta({ description: '…' })`);
  return {
    name,
    description: json.description,
    ...field,
    privacy: json.privacy ?? 'none',
    origin: json.origin ?? 'source',
    ...(json.unit ? { unit: json.unit } : {}),
  };
}

function fieldOf(json: Json): LakeField {
  if (json.anyOf) {
    const inner = json.anyOf.find((it: Json) => it.type !== 'null');
    return { ...fieldOf(inner), nullable: true };
  }
  if (Array.isArray(json.type)) {
    return { ...fieldOf({ ...json, type: json.type.find((it: string) => it !== 'null') }), nullable: true };
  }
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = json;
  const type = typeOf(json);
  const bounds = {
    minimum,
    maximum,
    minLength: minLength ?? minItems,
    maxLength: maxLength ?? maxItems,
    pattern: type.kind === 'string' ? pattern : undefined,
  };
  return { type, nullable: false, ...Object.fromEntries(Object.entries(bounds).filter(([, v]) => v !== undefined)) };
}

function typeOf(json: Json): LakeType {
  if (json.lakeType === 'int64') return { kind: 'int64' };
  if (json.lakeType === 'timestamp') return { kind: 'timestamp' };
  if (json.lakeType === 'date') return { kind: 'date' };
  if (json.enum) return { kind: 'enum', values: json.enum };
  if (json.type === 'string') return { kind: 'string' };
  if (json.type === 'integer') return { kind: 'int32' };
  if (json.type === 'number') return { kind: 'double' };
  if (json.type === 'boolean') return { kind: 'boolean' };
  if (json.type === 'array') return { kind: 'array', element: fieldOf(json.items) };
  if (json.type === 'object')
    return {
      kind: 'struct',
      fields: Object.entries(json.properties).map(
        ([name, j]) => ({ name, description: '', ...fieldOf(j) }) as NamedField,
      ),
    };
  throw new Error(`no lake type for ${JSON.stringify(json)}`);
}

export { date, int64, pseudonym, timestamp };
