/** Why one booking scores as it does: the library's SHAP values, in words. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FeaturePlan, type FeatureRow, inputColumns, meaningOf } from '../../core/features/feature-plan.ts';
import { frameOf } from '../../core/features/frame.ts';
import { frameParquet } from '../../core/features/frame-parquet.ts';
import { scoreRows } from '../../core/model/score-rows.ts';
import { ensurePython } from '../python.ts';
import { Registry } from './registry.ts';
import { withScoringFile } from './scoring-file.ts';

const SCRIPT = fileURLToPath(new URL('../../ml/explain.py', import.meta.url));
const run = promisify(execFile);

export interface Reason {
  readonly feature: string;
  readonly meaning: string;
  readonly value: number;
  /** What it adds to the log odds. */
  readonly contribution: number;
}

export interface Explanation {
  readonly version: string;
  readonly target: string;
  readonly line: number;
  readonly probability: number;
  /** Probability at the mean log odds of the training, from which the reasons lead to this one. */
  readonly base: number;
  /** The weightiest first. */
  readonly reasons: readonly Reason[];
}

export interface ExplainInput {
  readonly lake: string;
  readonly plan: FeaturePlan;
  readonly input: string;
  /** Line of the file, from 1, the header included. */
  readonly line: number;
  readonly target: string;
  readonly now: Date;
}

/** Throws a sentence where the line holds no booking that can be scored. */
export async function explainBooking({ lake, plan, input, line, target, now }: ExplainInput): Promise<Explanation> {
  const { record, models } = await new Registry(resolve(lake), plan).openChampion();
  const model = models.get(target);
  if (model === undefined)
    throw new Error(`no model for '${target}', expected one of ${[...models.keys()].join(', ')}`);
  const row = await rowAt(plan, input, line, now);
  const frame = frameOf(model.features, [row], model.encodings);
  const said = await askLibrary(model.bundle.xgboost, frameParquet(frame, {}));
  const { intercept, slope } = model.bundle.calibration;
  const reasons = frame.names.map((feature, place) => ({
    feature,
    meaning: meaningOf(model.features, feature),
    value: frame.data[place] ?? Number.NaN,
    contribution: slope * (said.contributions[0]?.[place] ?? 0),
  }));
  return {
    version: record.version,
    target,
    line,
    probability: scoreRows(model, plan, [row]).probabilities[0] ?? Number.NaN,
    base: 1 / (1 + Math.exp(-(intercept + slope * said.base))),
    reasons: reasons.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
}

async function rowAt(plan: FeaturePlan, input: string, line: number, now: Date): Promise<FeatureRow> {
  const names = inputColumns(plan).map(({ name }) => name);
  const table = plan.dataset.name;
  return withScoringFile(plan, input, now, async (engine) => {
    const { rows } = await engine.query(
      `select ${names.join(', ')} from processed_${table} where source_line = ${line}`,
    );
    const [row] = rows;
    if (row !== undefined) return Object.fromEntries(names.map((name, place) => [name, row[place]]));
    const rejected = await engine.query(`select message from rejected_${table} where source_line = ${line}`);
    const why = rejected.rows[0]?.[0] ?? 'the file has no such line, or it is the header';
    throw new Error(`the line ${line} of '${input}' holds no booking that can be scored: ${why}`);
  });
}

interface Said {
  readonly base: number;
  readonly contributions: readonly (readonly number[])[];
}

async function askLibrary(model: string, frame: Uint8Array): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-explain-'));
  try {
    const [modelFile, frameFile, out] = ['model.json', 'frame.parquet', 'said.json'].map((name) => join(folder, name));
    await writeFile(String(modelFile), model);
    await writeFile(String(frameFile), frame);
    const given = ['--model', modelFile, '--frame', frameFile, '--out', out, '--contributions', '1'].map(String);
    await run(ensurePython('ml/requirements.txt'), [SCRIPT, ...given]);
    return JSON.parse(await readFile(String(out), 'utf8')) as Said;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
