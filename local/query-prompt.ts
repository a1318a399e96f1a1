import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { plainQuery, queryFromFile } from './asked-query.ts';
import { SQL_ROOT } from './curated-sql.ts';
import type { QueryEngine } from './engines/query-engine.ts';
import { type NamedQuery, readQueries } from './sql-library.ts';
import { renderTable } from './terminal/table.ts';

const PROMPT = 'laketwin> ';
const MORE = '      ... ';
const HISTORY_LINES = 1000;

const HELP = `End a select with a semicolon. The tab key completes relations, columns and names of queries.
  \\tables          the relations of the lake      \\columns NAME    what one of them holds
  \\queries         the named queries              \\run NAME        run one of them
  \\help            this                           \\quit            leave, as does Ctrl-D`;

/** What the tab key knows. */
export interface Vocabulary {
  /** Columns by relation. */
  readonly relations: ReadonlyMap<string, readonly string[]>;
  readonly queries: readonly string[];
}

/** Asks for one query after the other until the input ends. An error is told and ends nothing. */
export async function promptForQueries(
  engine: QueryEngine,
  { dataset, schema }: { readonly dataset: string; readonly schema: string },
  run: (query: NamedQuery) => Promise<void>,
): Promise<void> {
  const vocabulary: Vocabulary = {
    relations: await relationsOf(engine, schema),
    queries: (await readQueries(SQL_ROOT, dataset)).map(({ name }) => name),
  };
  const history = openHistory();
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    prompt: PROMPT,
    history: history.lines(),
    historySize: HISTORY_LINES,
    completer: (line: string) => completions(line, vocabulary),
  });
  console.error(`${vocabulary.relations.size} relations; \\help says what can be asked`);
  let statement = '';
  // Ctrl-C drops the statement that was begun.
  lines.on('SIGINT', () => {
    statement = '';
    process.stderr.write('\n');
    lines.setPrompt(PROMPT);
    lines.prompt();
  });
  lines.prompt();
  for await (const line of lines) {
    const isCommand = statement === '' && line.trim().startsWith('\\');
    if (isCommand && /^\\q(uit)?$/.test(line.trim())) break;
    statement = isCommand ? line.trim() : `${statement}${line}\n`;
    const isWhole = isCommand || /;\s*$/.test(statement);
    if (isWhole) {
      await carryOut(statement, dataset, vocabulary, run).catch((error: Error) => console.error(error.message));
      history.add(statement);
    }
    if (isWhole || statement.trim() === '') statement = '';
    lines.setPrompt(statement === '' ? PROMPT : MORE);
    lines.prompt();
  }
  lines.close();
}

async function carryOut(
  text: string,
  dataset: string,
  { relations, queries }: Vocabulary,
  run: (query: NamedQuery) => Promise<void>,
): Promise<void> {
  if (!text.startsWith('\\')) return run(plainQuery('prompt', text));
  const [command = '', name = ''] = text.split(/\s+/);
  switch (command) {
    case '\\run':
      return run(await queryFromFile(dataset, name));
    case '\\tables':
      return console.log([...relations.keys()].join('\n'));
    case '\\columns':
      return console.log((relations.get(name) ?? [`there is no relation '${name}', \\tables lists them`]).join('\n'));
    case '\\queries':
      return console.log(
        renderTable(
          ['\\run'],
          queries.map((query) => [query]),
        ),
      );
    default:
      return console.error(HELP);
  }
}

/** As readline wants it: what the last word may become, and that word. */
export function completions(line: string, { relations, queries }: Vocabulary): [string[], string] {
  const word = /[\w-]*$/.exec(line)?.[0] ?? '';
  const named = /^\s*\\(\w+)\s/.exec(line)?.[1];
  if (named === 'run') return [queries.filter((query) => query.startsWith(word)), word];
  if (/^\s*\\\w*$/.test(line)) {
    const begun = line.trim();
    return [
      ['\\tables', '\\columns', '\\queries', '\\run', '\\help', '\\quit'].filter((it) => it.startsWith(begun)),
      begun,
    ];
  }
  const asked = new Set(line.toLowerCase().match(/\w+/g));
  const mentioned = [...relations].filter(([relation]) => asked.has(relation));
  const columns = (mentioned.length > 0 ? mentioned : [...relations]).flatMap(([, names]) => names);
  const afterFrom = /\b(from|join)\s+\w*$/i.test(line) || named === 'columns';
  const words = afterFrom ? [...relations.keys()] : [...new Set([...relations.keys(), ...columns])];
  return [words.filter((one) => one.startsWith(word.toLowerCase())).sort(), word];
}

async function relationsOf(engine: QueryEngine, schema: string): Promise<Map<string, string[]>> {
  const relations = new Map<string, string[]>();
  await engine.read(
    {
      begin: () => {},
      add: (rows) => {
        for (const [relation, column] of rows) {
          const columns = relations.get(String(relation)) ?? [];
          relations.set(String(relation), [...columns, String(column)]);
        }
      },
    },
    `select table_name, column_name from information_schema.columns
     where table_schema = :schema order by table_name, ordinal_position`,
    { schema },
  );
  return relations;
}

/** Kept in the home folder, for its owner alone. A home that cannot be written has no history. */
function openHistory() {
  const folder = join(homedir(), '.laketwin');
  const file = join(folder, 'history');
  const read = () => {
    try {
      return readFileSync(file, 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  };
  return {
    /** The newest first, as readline wants them. */
    lines: () => read().reverse(),
    add(statement: string) {
      try {
        const kept = [...read(), statement.trim().replace(/\s*\n\s*/g, ' ')].slice(-HISTORY_LINES);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(file, `${kept.join('\n')}\n`, { mode: 0o600 });
      } catch {
        // A prompt without a history is still a prompt.
      }
    },
  };
}
