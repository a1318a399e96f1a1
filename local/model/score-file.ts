/** Scores a file of bookings with the model that a lake has published; the lake itself takes nothing in. */
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AnswerRow } from '../../core/answers/answer-value.ts';
import { type FeaturePlan, type FeatureRow, inputColumns } from '../../core/features/feature-plan.ts';
import { riskBand } from '../../core/model/risk-band.ts';
import { scoreRows } from '../../core/model/score-rows.ts';
import type { Engine } from '../engine.ts';
import { type OpenVersion, Registry } from './registry.ts';
import { openScoreWriter, type ScoredRow } from './score-writer.ts';
import { withScoringFile } from './scoring-file.ts';

export interface ScoreInput {
  readonly lake: string;
  readonly plan: FeaturePlan;
  readonly input: string;
  /** `.csv` or `.parquet`; there whole, or not at all. */
  readonly out: string;
  readonly now: () => Date;
}

export interface ScoreSummary {
  readonly version: string;
  readonly rowsIn: number;
  readonly scored: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  /** Rows by what is strange about them. */
  readonly flagged: Readonly<Record<string, number>>;
  readonly meanProbability: number | undefined;
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** Throws a sentence for a lake without a model, a file that is no table of bookings, or a damaged model. */
export async function scoreFile(input: ScoreInput): Promise<ScoreSummary> {
  const started = performance.now();
  const { plan, now } = input;
  const version = await new Registry(resolve(input.lake), plan).openChampion();
  return withScoringFile(plan, input.input, now(), async (engine, entry) => {
    const tally = await scoreRelation(engine, version, plan, input.out);
    return {
      version: version.record.version,
      rowsIn: entry.rowsIn,
      rejected: entry.rejected,
      rejectedByReason: entry.rejectedByReason,
      warnings: entry.warnings,
      ...tally,
      seconds: (performance.now() - started) / 1000,
    };
  });
}

type Tally = Pick<ScoreSummary, 'scored' | 'flagged' | 'meanProbability'>;

async function scoreRelation(
  engine: Engine,
  { record, models }: OpenVersion,
  plan: FeaturePlan,
  out: string,
): Promise<Tally> {
  const key = plan.dataset.key[0] ?? '';
  const names = [...new Set(['source_line', key, ...inputColumns(plan).map(({ name }) => name)])];
  const targets = plan.targets.map(({ column }) => column).filter((target) => models.has(target));
  const part = `${resolve(out)}.part`;
  const writer = openScoreWriter(part, out, key, targets);
  const flagged: Record<string, number> = {};
  let [scored, sum] = [0, 0];
  const add = async (answers: readonly AnswerRow[]) => {
    const rows: FeatureRow[] = answers.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
    const results = targets.flatMap((target) => {
      const model = models.get(target);
      return model === undefined ? [] : [scoreRows(model, plan, rows)];
    });
    const lines = rows.map((row, at): ScoredRow => {
      // The main model reads every input, so that its flags are all there are.
      const flags = results[0]?.flags[at] ?? [];
      for (const flag of flags) flagged[flag] = (flagged[flag] ?? 0) + 1;
      const probabilities = results.map((result) => result.probabilities[at] ?? Number.NaN);
      const [completion = Number.NaN] = probabilities;
      sum += completion;
      return {
        line: row.source_line as bigint | null,
        key: String(row[key]),
        probabilities,
        riskBand: riskBand(completion),
        version: record.version,
        flags,
      };
    });
    scored += lines.length;
    await writer.add(lines);
  };
  try {
    const sql = `select ${names.join(', ')} from processed_${plan.dataset.name} order by source_line, ${key}`;
    await engine.read({ begin: () => {}, add }, sql);
    await writer.end();
    await rename(part, resolve(out));
  } catch (error) {
    await writer.end().catch(() => {});
    await rm(part, { force: true });
    throw error;
  }
  return { scored, flagged, meanProbability: scored === 0 ? undefined : sum / scored };
}
