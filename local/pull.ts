import { mkdir, open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatasetPlan } from '../core/contract/plan.ts';
import type { PseudonymKey } from '../core/etl/pseudonym.ts';
import type { ApiSource } from '../core/sources/api-source.ts';
import { RecordNames } from '../core/sources/record-names.ts';
import { openFileStore } from './file-store.ts';
import { inLake } from './lake-unavailable.ts';
import { type PullFacts, type PullPorts, pullPages } from './pull/pull-pages.ts';
import { type RunSummary, runLake } from './runner.ts';
import type { Progress } from './terminal/progress.ts';

export interface PullInput {
  readonly lake: string;
  readonly dataset: DatasetPlan;
  readonly source: ApiSource;
  /** Of the file that the lake gets, without its end. */
  readonly name: string;
  readonly ports: PullPorts;
  readonly pseudonymKey?: PseudonymKey;
  readonly progress?: Progress;
  readonly despite?: readonly string[];
}

export interface PullSummary {
  readonly pulled: PullFacts & { readonly warnings: readonly string[] };
  /** Absent where the API gave no record. */
  readonly run?: RunSummary;
}

/**
 * Pulls all records of an API into one file of JSON lines, and takes it in as `run` does: the same records again change
 * nothing, for they are the same bytes. Until the last page has come, the file is a temporary one: a pull that fails or
 * dies leaves nothing in the lake.
 */
export async function pull(input: PullInput): Promise<PullSummary> {
  const { lake, dataset, source, ports } = input;
  const root = resolve(lake);
  const store = await openFileStore(root);
  const folder = await inLake(root, () => store.scratch.folder('pull'));
  try {
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${input.name}.jsonl`);
    const pulled = await collect(dataset, source, ports, path);
    if (pulled.records === 0) return { pulled };
    const run = await runLake({
      lake,
      dataset,
      inputs: [path],
      now: ports.now,
      ...(input.pseudonymKey !== undefined && { pseudonymKey: input.pseudonymKey }),
      ...(input.progress !== undefined && { progress: input.progress }),
      ...(input.despite !== undefined && { despite: input.despite }),
    });
    return { pulled, run };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function collect(dataset: DatasetPlan, source: ApiSource, ports: PullPorts, path: string) {
  const names = new RecordNames(dataset);
  const file = await open(path, 'wx', 0o600);
  try {
    const facts = await pullPages(source, ports, async (records) => {
      for (const record of records) names.add(record);
      if (records.length > 0) await file.writeFile(`${records.join('\n')}\n`);
    });
    await file.sync();
    return { ...facts, warnings: names.differences() };
  } finally {
    await file.close();
  }
}
