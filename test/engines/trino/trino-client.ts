import { parseNumbersAsText } from '../../../core/etl/exact-json.ts';
import type { AnswerRow, AnswerValue } from '../../../local/answer.ts';
import { readParameter, withDollars } from '../../../local/bind-parameters.ts';
import type { Parameter } from '../../../local/sql-library.ts';

export interface TrinoColumn {
  readonly name: string;
  /** Trino's name of the type, such as `varchar(15)` or `timestamp(3)`. */
  readonly type: string;
}

export interface TrinoAnswer {
  readonly columns: readonly TrinoColumn[];
  /** Values as the laptop's engine gives them. */
  readonly rows: readonly AnswerRow[];
}

export interface TrinoSession {
  readonly url: string;
  readonly catalog: string;
  readonly schema: string;
}

/** What Trino itself says of a query; `name` is its code, such as `DIVISION_BY_ZERO`. */
export class TrinoError extends Error {
  constructor(message: string, name: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Runs one statement by Trino's HTTP protocol and holds all its rows. Throws `TrinoError` for what Trino refuses.
 *
 * `:name` parameters are given beside the text, as Athena's execution parameters are, and are never pasted into it.
 */
export async function askTrino(
  session: TrinoSession,
  sql: string,
  given: Readonly<Record<string, string>> = {},
  declared: readonly Parameter[] = [],
): Promise<TrinoAnswer> {
  let columns: readonly DescribedColumn[] = [];
  const rows: AnswerRow[] = [];
  let page = await send(`${session.url}/v1/statement`, session, statement(sql, given, declared));
  for (;;) {
    if (page.error) throw new TrinoError(page.error.message, page.error.errorName);
    if (page.columns) columns = page.columns;
    for (const row of page.data ?? []) rows.push(row.map((value, at) => plain(value, columns[at]?.typeSignature)));
    if (page.nextUri === undefined) return { columns: columns.map(({ name, type }) => ({ name, type })), rows };
    page = await send(page.nextUri, session);
  }
}

/** As `execute immediate` where there are parameters. */
function statement(sql: string, given: Readonly<Record<string, string>>, declared: readonly Parameter[]): string {
  const text = sql.trim().replace(/;$/, '');
  const values: string[] = [];
  const marked = withDollars(text, (name) => {
    const parameter = declared.find((one) => one.name === name);
    if (parameter === undefined) throw new Error(`the parameter '${name}' is not declared`);
    values.push(literal(parameter, given[name] ?? parameter.byDefault));
    return '?';
  });
  return values.length === 0 ? text : `execute immediate ${quotedText(marked.sql)} using ${values.join(', ')}`;
}

function literal({ name, type }: Parameter, text: string): string {
  readParameter(name, type, text);
  return LITERALS[type](text);
}

const LITERALS: Readonly<Record<Parameter['type'], (text: string) => string>> = {
  int: (text) => `bigint '${text}'`,
  number: (text) => `double '${text}'`,
  text: quotedText,
  date: (text) => `date '${text}'`,
};

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

interface TypeSignature {
  readonly rawType: string;
  readonly arguments: readonly { readonly kind: string; readonly value: unknown }[];
}

interface DescribedColumn extends TrinoColumn {
  readonly typeSignature: TypeSignature;
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly DescribedColumn[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string; readonly errorName: string };
}

async function send(url: string, { catalog, schema }: TrinoSession, body?: string): Promise<Page> {
  const headers = {
    'X-Trino-User': 'laketwin',
    'X-Trino-Catalog': catalog,
    'X-Trino-Schema': schema,
    'X-Trino-Time-Zone': 'UTC',
    // Otherwise instants come without their precision.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  const response = await fetch(url, body === undefined ? { headers } : { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`trino answered ${response.status}: ${text.slice(0, 200)}`);
  // Numbers as their digits: a JavaScript number would round long ones.
  return parseNumbersAsText(text) as Page;
}

/** JSON's value as the laptop's engine would give it. */
function plain(value: unknown, type: TypeSignature | undefined): AnswerValue {
  if (value === null || value === undefined) return null;
  const inner = (type?.arguments ?? []).map((argument) => argument.value);
  switch (type?.rawType) {
    case 'bigint':
      return BigInt(String(value));
    case 'integer':
    case 'smallint':
    case 'tinyint':
    case 'double':
    case 'real':
      return Number(value);
    case 'boolean':
      return value === true;
    case 'array':
      return (value as readonly unknown[]).map((one) => plain(one, inner[0] as TypeSignature));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, one]) => [key, plain(one, inner[1] as TypeSignature)]),
      );
    case 'row':
      return Object.fromEntries(
        (value as readonly unknown[]).map((one, at) => {
          const field = inner[at] as { fieldName?: { name: string }; typeSignature: TypeSignature };
          return [field.fieldName?.name ?? `field${at}`, plain(one, field.typeSignature)];
        }),
      );
    default:
      return String(value);
  }
}
