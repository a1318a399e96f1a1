import type { AnswerRow } from '../core/answers/answer-value.ts';
import type { Parameters, ViewTexts } from '../core/dashboards/visual-sql.ts';

/** What an engine answers to one statement. */
export interface LakeAnswer {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly AnswerRow[];
}

/** One state of the lake, as pages and reports ask it: on a laptop DuckDB, on AWS Athena. */
export interface LakeState {
  /** Answers one SELECT in Athena's dialect; its parameters are bound as text. */
  readonly ask: (sql: string, parameters: Parameters) => Promise<LakeAnswer>;
  readonly views: ViewTexts;
  /** Version of the curated table; undefined where it was never published. */
  readonly version: number | undefined;
}
