import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SoughtPerson } from '../../core/etl/person.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { type ErasureSummary, eraseFromLake, type FoundRows } from '../erase.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';

export interface EraseOptions {
  readonly dataset: string;
  readonly lake: string;
  /** A file that holds the identifier; `-` for standard input. Default: it is asked for. */
  readonly person?: string;
  /** What is given is the pseudonym, not the identifier. */
  readonly pseudonym?: boolean;
  readonly dryRun?: boolean;
  /** Do not ask whether to go on. */
  readonly yes?: boolean;
  readonly despite?: readonly string[];
  readonly json?: boolean;
}

/** Erases a person from a lake. The identifier is no argument, for those are kept by shells and shown to others. */
export async function erase(options: EraseOptions): Promise<ExitStatus> {
  const { lake, despite = [], dryRun = false, yes = false, json } = options;
  const canAsk = process.stdin.isTTY === true && options.person !== '-';
  if (!dryRun && !yes && !canAsk)
    throw new UsageError('erase asks before it erases, and has nobody to ask: give --yes, or --dry-run to look only');
  const person = soughtBy(await given(options), options.pseudonym === true);
  const confirm = async (found: FoundRows) => {
    for (const line of foundLines(found)) console.error(line);
    return !dryRun && (yes || (await asked('type erase to erase them for ever: ')) === 'erase');
  };
  const now = () => new Date();
  const dataset = datasetNamed(options.dataset);
  const say = (what: string) => console.error(`${what} …`);
  const summary = await eraseFromLake({ lake, dataset, person, now, confirm, despite, say });
  for (const line of told(summary, dryRun)) console.error(line);
  if (json) console.log(JSON.stringify(summary, null, 2));
  return EXIT.done;
}

function soughtBy(written: string, isPseudonym: boolean): SoughtPerson {
  // Editors and `echo` end a file with a line end.
  const value = written.replace(/\r?\n$/, '');
  if (value.trim() === '') throw new UsageError('the identifier is empty, expected that of one person');
  if (/[\r\n]/.test(value)) throw new UsageError('several lines are given, expected the identifier of one person');
  return isPseudonym ? { pseudonym: value.trim() } : { identifier: value };
}

async function given({ person }: EraseOptions): Promise<string> {
  if (person === '-') return text(process.stdin);
  if (person !== undefined) {
    return readFile(person, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`the file that holds the identifier cannot be read (${error.code}); check its path`);
    });
  }
  if (process.stdin.isTTY !== true)
    throw new UsageError('the identifier is missing: give --person FILE, or --person - and pipe it in');
  return asked('identifier, as it stood in the raw data (not shown): ', { isHidden: true });
}

async function asked(question: string, { isHidden = false } = {}): Promise<string> {
  process.stderr.write(question);
  const output = isHidden ? new Writable({ write: (_, __, done) => done() }) : process.stderr;
  const terminal = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    if (isHidden) process.stderr.write('\n');
  }
}

const PLACES: Readonly<Record<string, string>> = {
  raw: 'in raw',
  processed: 'in processed',
  rejected: 'rejected',
  curated: 'in curated tables, of earlier publications too',
  scores: 'scores',
  failed_records: 'records that a stream could not process',
  unnamed_files: 'in files that the ledger does not name',
};

function foundLines({ objects, rows, samples }: FoundRows): string[] {
  const counts = Object.entries(rows).filter(([, count]) => count > 0);
  return [
    ...counts.map(([place, count]) => `${count.toLocaleString('en')} ${PLACES[place] ?? place}`),
    ...(samples > 0 ? [`${samples} generated samples`] : []),
    ...objects.map(({ id, day, rows: count }) => `  ${count} rows of ${id.slice(0, 12)}, received on ${day}`),
  ];
}

function told({ outcome, erasure, curated }: ErasureSummary, dryRun: boolean): string[] {
  const record = erasure === undefined ? '' : `; the record of it is number ${erasure}`;
  const tables = curated.map(({ table, rows }) => `${table} has ${rows.toLocaleString('en')} rows now`);
  const end = {
    erased: `erased, and looked for again: nothing of the person is left in the lake${record}`,
    completed: 'nothing more was found; an erasure that had been stopped is complete now',
    'nothing found': 'nothing of the person is in the lake, nothing was changed',
    'not confirmed': dryRun ? 'this was a dry run: nothing was erased' : 'not confirmed: nothing was erased',
  };
  return [end[outcome], ...tables];
}
