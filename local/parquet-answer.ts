import { DuckDBInstance } from '@duckdb/node-api';
import { valueText } from '../core/answers/answer-value.ts';
import { type AnswerColumn, isNumeric } from './answer.ts';
import { quoted } from './lake-relations.ts';
import type { AnswerWriter } from './query-formats.ts';

/**
 * Writes the rows of an answer that came from another engine as Parquet, with its types; lists and structures are
 * JSON in a text.
 */
export function parquetWriter(out: string): AnswerWriter {
  const opened = open();
  let insert = '';
  return {
    async begin(columns) {
      const { connection } = await opened;
      const typed = columns.map((column) => `${quoted(column.name)} ${storedType(column)}`);
      await connection.run(`create table answer (${typed.join(', ')})`);
      const values = columns.map((column, at) => `cast(cells[${at + 1}] as ${storedType(column)})`);
      insert = `insert into answer select ${values.join(', ')} from (select unnest(from_json(cast($1 as json), '[["varchar"]]')) as cells)`;
    },
    async add(rows) {
      const { connection } = await opened;
      const cells = rows.map((row) => row.map((value) => (value === null ? null : valueText(value))));
      await connection.run(insert, [JSON.stringify(cells)]);
    },
    async end() {
      const { connection, close } = await opened;
      await connection.run(`copy answer to '${out.replaceAll("'", "''")}' (format parquet, compression zstd)`);
      close();
    },
  };
}

async function open() {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, close };
}

function storedType(column: AnswerColumn): string {
  const isKnown = isNumeric(column) || ['BOOLEAN', 'DATE', 'TIMESTAMP'].includes(column.type);
  return isKnown ? column.type : 'VARCHAR';
}
