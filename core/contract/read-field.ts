import type { Bounds, LakeField, LakeType, NamedField, Origin, Privacy } from './plan.ts';

/** What is read of a column's JSON Schema, as `z.toJSONSchema` writes it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly allOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly privacy?: Privacy;
  readonly origin?: Origin;
  readonly unit?: string;
  readonly lakeType?: string;
  readonly bounds?: { readonly minimum?: string; readonly maximum?: string };
}

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/** The type and limits of a column or of what stands in it. Throws a sentence with its place for what no table holds. */
export function readField(place: string, json: JsonSchema): LakeField {
  if (json.anyOf !== undefined) return nullableField(place, json.anyOf);
  if (Array.isArray(json.type)) {
    const [type, ...more] = json.type.filter((it) => it !== 'null');
    if (more.length > 0) throw new Error(`${place} is one of several types: a column has one`);
    return { ...readField(place, { ...json, type: type as string }), nullable: true };
  }
  if (json.exclusiveMinimum !== undefined || json.exclusiveMaximum !== undefined) {
    throw new Error(`${place} has an exclusive bound: give the smallest and largest value that are allowed`);
  }
  if (json.allOf !== undefined) throw new Error(`${place} has several patterns: write one`);
  const type = readType(place, json);
  return { type, nullable: false, ...boundsOf(type, json) };
}

function nullableField(place: string, options: readonly JsonSchema[]): LakeField {
  const [only, ...more] = options.filter((it) => it.type !== 'null');
  if (only === undefined || more.length > 0) throw new Error(`${place} is one of several types: a column has one`);
  return { ...readField(place, only), nullable: true };
}

function readType(place: string, json: JsonSchema): LakeType {
  if (json.lakeType !== undefined) return namedType(place, json.lakeType);
  if (json.enum !== undefined) return { kind: 'enum', values: json.enum.map((value) => enumText(place, value)) };
  switch (json.type) {
    case 'string':
      return { kind: 'string' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'number':
      return { kind: 'double' };
    case 'integer':
      if (
        (json.minimum ?? Number.NEGATIVE_INFINITY) < INT32.minimum ||
        (json.maximum ?? Number.POSITIVE_INFINITY) > INT32.maximum
      ) {
        throw new Error(`${place} may leave 32 bits: add .min() and .max(), or use int64()`);
      }
      return { kind: 'int32' };
    case 'array':
      return { kind: 'array', element: readField(`${place}[]`, json.items ?? {}) };
    case 'object':
      return { kind: 'struct', fields: structFields(place, json) };
    default:
      throw new Error(`${place} has a type that no table holds`);
  }
}

function namedType(place: string, name: string): LakeType {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(name);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (name === 'int64' || name === 'date' || name === 'timestamp') return { kind: name };
  throw new Error(`${place} has the unknown lake type '${name}'`);
}

function enumText(place: string, value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${place} has the value ${String(value)} in its list, expected texts`);
  return value;
}

function structFields(place: string, { properties = {}, required = [] }: JsonSchema): NamedField[] {
  return Object.entries(properties).map(([name, json]) => {
    if (!required.includes(name)) throw new Error(`${place}.${name} is optional: make it nullable`);
    return { name, description: json.description ?? '', ...readField(`${place}.${name}`, json) };
  });
}

function boundsOf(type: LakeType, json: JsonSchema): Bounds {
  const { minimum, maximum } = json.bounds ?? json;
  const bounds: Record<keyof Bounds, number | string | undefined> = {
    minimum: minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum,
    maximum: maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum,
    minLength: json.minLength ?? json.minItems,
    maxLength: json.maxLength ?? json.maxItems,
    pattern: type.kind === 'string' ? json.pattern : undefined,
  };
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
}
