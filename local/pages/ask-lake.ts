import type { VisualSql } from '../../core/dashboards/visual-sql.ts';
import type { Answer } from '../engine.ts';
import type { Snapshot } from './page-lake.ts';

/** Answers that are kept of one state of the lake: readers come back to the same pages. */
const KEPT_ANSWERS = 200;

const ANSWERS = new WeakMap<Snapshot, Map<string, Answer>>();

/** Answers a statement once for each state of the lake. Its parameters are bound as text. */
export async function askLake(snapshot: Snapshot, { sql, parameters }: Omit<VisualSql, 'isFiltered'>): Promise<Answer> {
  const answers = ANSWERS.get(snapshot) ?? new Map<string, Answer>();
  ANSWERS.set(snapshot, answers);
  const key = JSON.stringify([sql, parameters]);
  const known = answers.get(key);
  if (known !== undefined) return known;
  const declared = Object.keys(parameters).map((name) => ({
    name,
    type: 'text' as const,
    byDefault: '',
    description: name,
  }));
  const answer = await snapshot.engine.query(sql, parameters, declared);
  const [oldest] = answers.keys();
  if (answers.size >= KEPT_ANSWERS && oldest !== undefined) answers.delete(oldest);
  answers.set(key, answer);
  return answer;
}
