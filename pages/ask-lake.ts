import type { VisualSql } from '../core/dashboards/visual-sql.ts';
import type { LakeAnswer, LakeState } from './lake-state.ts';

/** Answers that are kept of one state of the lake: readers come back to the same pages. */
const KEPT_ANSWERS = 200;

const ANSWERS = new WeakMap<LakeState, Map<string, LakeAnswer>>();

/** Answers a statement once for each state of the lake. Its parameters are bound as text. */
export async function askLake(
  lake: LakeState,
  { sql, parameters }: Omit<VisualSql, 'isFiltered'>,
): Promise<LakeAnswer> {
  const answers = ANSWERS.get(lake) ?? new Map<string, LakeAnswer>();
  ANSWERS.set(lake, answers);
  const key = JSON.stringify([sql, parameters]);
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = await lake.ask(sql, parameters);
  const [oldest] = answers.keys();
  if (answers.size >= KEPT_ANSWERS && oldest !== undefined) answers.delete(oldest);
  answers.set(key, answer);
  return answer;
}
