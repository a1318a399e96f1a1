import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readApiSource } from '../../core/sources/api-source.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { LOOPBACK_APIS, PUBLIC_APIS } from '../pull/fetch-page.ts';
import { pull as pullSource } from '../pull.ts';
import { printReport } from '../run-report.ts';
import { openProgress } from '../terminal/progress.ts';

export interface PullOptions {
  readonly source: string;
  readonly dataset: string;
  readonly lake: string;
  readonly despite?: readonly string[];
  readonly allowLoopback?: boolean;
  readonly json?: boolean;
}

/** Pulls what an API gives into the lake, then answers as `run` does. */
export async function pull(options: PullOptions): Promise<ExitStatus> {
  const dataset = datasetNamed(options.dataset);
  const source = readApiSource(await declarationOf(options.source));
  const progress = openProgress();
  const { pulled, run } = await pullSource({
    lake: options.lake,
    dataset,
    source,
    name: basename(options.source).replace(/\.json$/, ''),
    progress,
    ports: {
      hosts: options.allowLoopback ? LOOPBACK_APIS : PUBLIC_APIS,
      now: () => new Date(),
      wait: (milliseconds) => setTimeout(milliseconds),
      chance: Math.random,
      variable: (name) => process.env[name],
      say: (line) => console.error(line),
    },
    ...(options.despite !== undefined && { despite: options.despite }),
  }).finally(() => progress.abort());
  const again = pulled.retries === 0 ? '' : `, ${pulled.retries} attempts made again`;
  console.error(`pulled ${pulled.records} records on ${pulled.pages} pages${again}`);
  for (const warning of pulled.warnings) console.error(`the API has changed: ${warning}`);
  if (options.json) console.log(JSON.stringify({ pulled, ...run }, null, 2));
  if (run === undefined) return EXIT.done;
  if (!options.json) await printReport(run, options.lake);
  return run.rejected > run.rowsIn * dataset.maxRejectedShare ? EXIT.aboveLimit : EXIT.done;
}

async function declarationOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(
      `the declaration ${path} cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`,
    );
  }
}
