/** The open engine of DQDL: Deequ on Spark, by those who make Glue Data Quality; fetched on first use. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Archive, fetchArchive } from './maven.ts';
import type { SparkJobs } from './spark.ts';

const EVALUATE = fileURLToPath(new URL('evaluate_dqdl.py', import.meta.url));

/** Deequ asks for version 1.0.7 of the parser; Maven Central has 1.0.0, which reads every rule that we write. */
const ARCHIVES: readonly Archive[] = [
  {
    artifact: 'com.amazon.deequ:deequ:2.1.0-spark-3.5:jar',
    file: 'deequ-2.1.0-spark-3.5.jar',
    sha256: 'ab902814dec56dc39ff16d1c5c80e7101a5dff8c1aa380fdafce522da1cd1546',
  },
  {
    artifact: 'software.amazon.glue:dqdl:1.0.0:jar',
    file: 'dqdl-1.0.0.jar',
    sha256: '8382887bd34e23a426e3824520e69ba59e9666f567a4f7bad2a6b40348cdaa6e',
  },
];
const ENGINE = fileURLToPath(new URL('../../.cache/deequ-2.1.0', import.meta.url));

export interface DqdlCase {
  /** Parquet file of the table that the rules are about. */
  readonly file: string;
  readonly ruleset: string;
  /** Other tables that rules name, by name. */
  readonly others?: Readonly<Record<string, string>>;
}

/** What the engine says of one rule. */
export interface DqdlOutcome {
  /** The rule as the engine reads it. */
  readonly rule: string;
  readonly isKept: boolean;
  readonly reason: string | null;
  /** By `Column.<name>.<metric>`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Outcomes of each case, in no order within it. Throws where the engine refuses a rule set. */
export async function evaluateDqdl(
  jobs: SparkJobs,
  cases: readonly DqdlCase[],
  scratch: string,
): Promise<DqdlOutcome[][]> {
  const path = join(scratch, 'dqdl-cases.json');
  writeFileSync(path, JSON.stringify(cases));
  const { status, output, errors } = await jobs.run([EVALUATE, dqdlJars().join(','), path]);
  if (status !== 0) throw new Error(`the DQDL engine failed: ${errors.slice(-2000)}`);
  return JSON.parse(output) as DqdlOutcome[][];
}

/** Built beside and renamed, so that a torn installation is never used. */
function dqdlJars(): string[] {
  if (!existsSync(ENGINE)) {
    const fresh = `${ENGINE}-${process.pid}`;
    mkdirSync(fresh, { recursive: true });
    try {
      for (const archive of ARCHIVES) fetchArchive(archive, fresh);
      mkdirSync(dirname(ENGINE), { recursive: true });
      if (!existsSync(ENGINE)) renameSync(fresh, ENGINE);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return ARCHIVES.map(({ file }) => join(ENGINE, file));
}
