import type { AnswerRow, AnswerValue } from '../../core/answers/answer-value.ts';
import { quotedText } from '../../core/answers/statement-text.ts';
import { parseNumbersAsText } from '../../core/etl/exact-json.ts';
import type { Parameter } from '../sql-library.ts';
import { withLiterals } from './with-literals.ts';

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

/** Takes an answer as it comes: the columns once, then the rows part by part. */
export interface TrinoSink {
  begin(columns: readonly TrinoColumn[]): void | Promise<void>;
  add(rows: readonly AnswerRow[]): void | Promise<void>;
}

/** What Trino itself says of a query; `name` is its code, such as `DIVISION_BY_ZERO`. */
export class TrinoError extends Error {
  constructor(message: string, name: string) {
    super(message);
    this.name = name;
  }
}

/** The same as `readTrino`, holding all rows. */
export async function askTrino(
  session: TrinoSession,
  sql: string,
  given: Readonly<Record<string, string>> = {},
  declared: readonly Parameter[] = [],
): Promise<TrinoAnswer> {
  let columns: readonly TrinoColumn[] = [];
  const rows: AnswerRow[] = [];
  await readTrino(session, sql, given, declared, {
    begin: (head) => {
      columns = head;
    },
    add: (more) => void rows.push(...more),
  });
  return { columns, rows };
}

/**
 * Runs one statement by Trino's HTTP protocol. Throws `TrinoError` for what Trino refuses.
 *
 * `:name` parameters are given beside the text, as Athena's execution parameters are, and are never pasted into it.
 */
export async function readTrino(
  session: TrinoSession,
  sql: string,
  given: Readonly<Record<string, string>>,
  declared: readonly Parameter[],
  sink: TrinoSink,
): Promise<void> {
  let columns: readonly DescribedColumn[] | undefined;
  let page = await send(`${session.url}/v1/statement`, session, statement(sql, given, declared));
  for (;;) {
    if (page.error) throw new TrinoError(page.error.message, page.error.errorName);
    if (columns === undefined && page.columns) {
      columns = page.columns;
      await sink.begin(columns.map(({ name, type }) => ({ name, type })));
    }
    const rows = (page.data ?? []).map((row) => row.map((value, at) => plain(value, columns?.[at]?.typeSignature)));
    if (rows.length > 0) await sink.add(rows);
    if (page.nextUri === undefined) return;
    page = await send(page.nextUri, session);
  }
}

/** As `execute immediate` where there are parameters. */
function statement(sql: string, given: Readonly<Record<string, string>>, declared: readonly Parameter[]): string {
  const bound = withLiterals(sql, given, declared);
  if (bound.values.length === 0) return bound.sql;
  return `execute immediate ${quotedText(bound.sql)} using ${bound.values.join(', ')}`;
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
  const response = await fetch(url, body === undefined ? { headers } : { method: 'POST', headers, body }).catch(
    (error: Error) => {
      throw new Error(`no Trino answers at ${new URL(url).origin}: start it, or name another with --server`, {
        cause: error,
      });
    },
  );
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
