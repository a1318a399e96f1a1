import { readTrino, type TrinoSession } from './ask-trino.ts';
import { answerType, type QueryEngine } from './query-engine.ts';

/** A running Trino. Errors are its own sentences. */
export function trinoEngine(session: TrinoSession): QueryEngine {
  return {
    async read(sink, sql, given = {}, declared = []) {
      const started = performance.now();
      let rowCount = 0;
      let columns: { readonly name: string; readonly type: string }[] = [];
      await readTrino(session, sql, given, declared, {
        begin: (head) => {
          columns = head.map(({ name, type }) => ({ name, type: answerType(type) }));
          return sink.begin(columns);
        },
        add: (rows) => {
          rowCount += rows.length;
          return sink.add(rows);
        },
      });
      return { columns, rowCount, seconds: (performance.now() - started) / 1000, scan: undefined };
    },
    close: async () => {},
  };
}
