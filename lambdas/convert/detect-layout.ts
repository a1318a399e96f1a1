import { detectDialect } from './detect-dialect.ts';
import type { SourceText } from './open-text.ts';
import { RefusedObject } from './refused-object.ts';

/** How the records lie in the text. */
export interface Layout {
  readonly kind: 'csv' | 'json lines' | 'json array';
  /** Between two cells of a csv; empty for json. */
  readonly delimiter: string;
  readonly header: readonly string[];
  /** Where the first record may start. */
  readonly dataStart: number;
  /** Its line, counted from 1; its number for a json array. */
  readonly firstLine: number;
  readonly warnings: readonly string[];
}

/** Json by its first character, else csv; throws `RefusedObject` when it is neither. */
export function detectLayout(text: SourceText, knownColumns: readonly string[]): Layout {
  const json = { delimiter: '', header: [], dataStart: 0, firstLine: 1, warnings: [] };
  const first = text.head.subarray(0, 4096).toString('latin1').trimStart()[0];
  if (first === '[') return { kind: 'json array', ...json };
  if (first !== '{') return { kind: 'csv', ...detectDialect(text.head, text.isWhole, knownColumns) };
  refuseOneDocument(text.head.toString('utf8'));
  return { kind: 'json lines', ...json };
}

/** One object printed over several lines would show as nothing but bad lines. */
function refuseOneDocument(head: string): void {
  const [line, second] = head.split('\n', 1000).filter((candidate) => candidate.trim() !== '');
  if (line === undefined || second === undefined || second.trimStart().startsWith('{')) return;
  try {
    JSON.parse(line);
  } catch {
    throw new RefusedObject('one json object over several lines: send one object a line, or an array of objects');
  }
}
