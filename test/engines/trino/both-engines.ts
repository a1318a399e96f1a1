import type { Engine } from '../../../local/engine.ts';
import { askTrino, type TrinoSession } from '../../../local/engines/ask-trino.ts';
import type { Parameter } from '../../../local/sql-library.ts';
import { disagreement } from './compare-answers.ts';
import type { SqlText } from './sql-texts.ts';

/** One lake, as the laptop reads it and as Trino does. */
export interface BothEngines {
  readonly laptop: Engine;
  readonly trino: TrinoSession;
}

export interface Comparison {
  /** File, parameters and what is not the same, or why one engine refused; one for each that does not agree. */
  readonly problems: readonly string[];
  /** Rows of the answer with the most of them. */
  readonly mostRows: number;
}

/** Values beside the defaults that each parameter is tried with. */
const OTHERS: Readonly<Record<Parameter['type'], readonly string[]>> = {
  int: ['0', '1', '30', '-1', '100000000'],
  number: ['0', '-0.5', '1e9'],
  text: ['', "O'Hare", 'Réunion', 'Sun', 'AAAZZZ', 'AAA'],
  date: ['1970-01-01', '2026-03-01', '2024-02-29'],
};

/** Asks both engines with the defaults of the parameters and, if `tryOthers`, with each parameter at other values. */
export async function compareFile(engines: BothEngines, file: SqlText, tryOthers = false): Promise<Comparison> {
  const others = tryOthers
    ? file.parameters.flatMap(({ name, type }) => OTHERS[type].map((value) => ({ [name]: value })))
    : [];
  const problems: string[] = [];
  let mostRows = 0;
  for (const given of [{}, ...others] as readonly Readonly<Record<string, string>>[]) {
    const [laptop, trino] = await Promise.allSettled([
      engines.laptop.query(file.sql, given, file.parameters),
      askTrino(engines.trino, file.sql, given, file.parameters),
    ]);
    if (laptop.status === 'fulfilled') mostRows = Math.max(mostRows, laptop.value.rows.length);
    const problem =
      refusal('the laptop', laptop) ??
      refusal('trino', trino) ??
      (laptop.status === 'fulfilled' && trino.status === 'fulfilled'
        ? disagreement(file.sql, laptop.value, trino.value)
        : undefined);
    if (problem !== undefined) problems.push(`${file.folder}/${file.name}.sql ${JSON.stringify(given)}: ${problem}`);
  }
  return { problems, mostRows };
}

function refusal(who: string, result: PromiseSettledResult<unknown>): string | undefined {
  return result.status === 'rejected'
    ? `${who} refuses it: ${(result.reason as Error).message.split('\n')[0]}`
    : undefined;
}
