import type { DatasetPlan } from '../core/contract/plan.ts';
import { putCheckRecords } from '../core/lake/check-results.ts';
import type { CuratedManifest } from '../core/lake/curated-manifest.ts';
import { SQL_ROOT } from './curated-sql.ts';
import { openEngine } from './engine.ts';
import type { FileStore } from './file-store.ts';
import { type CheckResult, runChecks } from './run-checks.ts';

/** A candidate that breaks a promise: it is not published, and what was published before stays. */
export class ChecksFailed extends Error {
  override readonly name = 'ChecksFailed';
}

export interface CheckInput {
  readonly store: FileStore;
  readonly plan: DatasetPlan;
  readonly candidates: readonly CuratedManifest[];
  readonly now: Date;
  /** Name of the run, as its record has it. */
  readonly run: string;
  /** Names of checks that may be broken this once. */
  readonly despite: readonly string[];
  readonly sqlRoot?: string | undefined;
}

/**
 * Runs the checks of a publication on what would be published, and keeps what they said. Throws `ChecksFailed`, which
 * names those of level `error` that are broken, the first row of each and what to do.
 */
export async function checkCandidate(input: CheckInput): Promise<void> {
  const { store, plan, candidates, now, run, despite } = input;
  const sqlRoot = input.sqlRoot ?? SQL_ROOT;
  const engine = await openEngine(store, [plan], { sqlRoot, candidates, estimatesScans: false });
  let results: CheckResult[];
  try {
    results = await runChecks(engine, plan, { sqlRoot, forPublication: true });
  } finally {
    await engine.close();
  }
  const isOverruled = ({ name }: CheckResult) => despite.includes(name);
  await putCheckRecords(
    store,
    results.map((result) => ({
      dataset: plan.name,
      run,
      checkedAt: now.toISOString(),
      name: result.name,
      level: result.level,
      isKept: result.offending === 0,
      isOverruled: result.offending > 0 && isOverruled(result),
    })),
  );
  const broken = results.filter((it) => it.level === 'error' && it.offending > 0 && !isOverruled(it));
  if (broken.length > 0) throw new ChecksFailed(sentence(plan.name, broken));
}

function sentence(dataset: string, broken: readonly CheckResult[]): string {
  const found = broken.map(({ name, promise, columns, examples }) => {
    const row = columns.map((column, at) => `${column.name} ${String(examples[0]?.[at])}`).join(', ');
    return `  ${name}: ${promise}\n    found: ${row}`;
  });
  const names = broken.map(({ name }) => name).join(' ');
  return [
    `${dataset} is not published, for its new rows break what was promised; what was published before stays as it is`,
    ...found,
    `if the rows are right, publish them by: npx laketwin run --despite ${names}`,
    'if they are wrong, take their file out by: npx laketwin withdraw ID (the id of the file in the ledger)',
  ].join('\n');
}
