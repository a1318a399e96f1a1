/** docs/engine-differences.md, made of the tables that the tests hold against both engines. */
import { DuckDBInstance } from '@duckdb/node-api';
import { ANSWERS } from '../local/athena-answers.ts';
import { REFUSED, REMAINING } from '../local/athena-differences.ts';
import { checkDialect } from '../local/dialect.ts';

const HEAD = `# What Athena and the laptop answer otherwise

Made by \`npm run docs\` from the tables in \`local/athena-answers.ts\` and \`local/athena-differences.ts\`. \`npm run test:engines\` asks a Trino 476, on which Athena's engine 3 is based, and the laptop's engine for every line of them, and compares every file of \`sql/\` on both: rows, their order where the query states one, names and types of columns. Values must be equal; only doubles of queries that add up fractions or approximate may part by a billionth, for engines add in another order.

Not proven: Athena itself, which has no version to download, and Athena's DDL, which is Hive's.`;

export async function differencesPage(): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const corrected: string[][] = [];
  for (const [expression, athena] of ANSWERS) {
    const duckdb = await connection.runAndReadAll(`select cast((${expression}) as varchar)`).then(
      (reader) => String(reader.getRowsJson()[0]?.[0] ?? 'null'),
      () => undefined,
    );
    if (duckdb !== (athena ?? 'null')) corrected.push([code(expression), code(athena ?? 'null'), orError(duckdb)]);
  }
  connection.closeSync();
  instance.closeSync();
  const refused = REFUSED.map(({ sql, athena, duckdb }) => [code(sql), orError(athena), code(duckdb), adviceFor(sql)]);
  const remaining = REMAINING.map(({ expression, athena, here, instead }) => [
    code(expression),
    orError(athena),
    code(here),
    instead.replaceAll('|', '\\|'),
  ]);
  return [
    HEAD,
    '## Corrected\n\nThe laptop answers as Athena does; DuckDB alone would not.',
    table(['expression', 'Athena and Laketwin', 'DuckDB alone'], corrected),
    '## Refused\n\nThe laptop refuses before it runs, with the line and what to write instead. What only DuckDB understands is refused too where it is known; a function of DuckDB that is not on the list runs here and is an error on Athena.',
    table(['query', 'Athena', 'DuckDB alone', 'write'], refused),
    '## Left\n\nThese hang on values, which no text shows. Write the last column: it is the same on both, which is tested too.',
    table(['expression', 'Athena', 'laptop', 'write'], remaining),
  ]
    .join('\n\n')
    .concat('\n');
}

function adviceFor(sql: string): string {
  try {
    checkDialect(sql);
    return '';
  } catch (error) {
    return /expected (.+)$/.exec((error as Error).message)?.[1]?.replaceAll('|', '\\|') ?? '';
  }
}

function orError(answer: string | undefined): string {
  return answer === undefined ? 'an error' : code(answer);
}

function code(text: string): string {
  return text === '' ? 'the empty text' : `\`${text.replaceAll('|', '\\|')}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
