import { RefusedObject } from './refused-object.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const PREAMBLE_LINES = 10;

export interface Dialect {
  readonly delimiter: string;
  /** Unquoted and trimmed. */
  readonly header: readonly string[];
  /** Where the line after the header starts. */
  readonly dataStart: number;
  /** Its physical line, counted from 1. */
  readonly firstLine: number;
  readonly warnings: readonly string[];
}

interface Candidate {
  readonly delimiter: string;
  readonly record: HeaderRecord;
  readonly line: number;
  readonly known: number;
}

/**
 * Finds the header and the delimiter of a csv: of the first lines and the four delimiters, the pair that gives most of
 * the contract's column names, whatever their case. What stands above the header is skipped with a warning.
 *
 * Throws `RefusedObject` when no line gives a known column, or a name comes twice.
 *
 * @param head UTF-8 text without byte order mark.
 * @param isWhole whether `head` is all of the source.
 */
export function detectDialect(head: Buffer, isWhole: boolean, knownColumns: readonly string[]): Dialect {
  const text = head.toString('latin1'); // a character a byte, so that places in it are places in the bytes
  const known = new Set(knownColumns.map(nameKey));
  let best: Candidate | undefined;
  for (const { start, line } of firstLines(text)) {
    for (const delimiter of DELIMITERS) {
      const record = headerRecord(text, start, delimiter);
      const count = new Set(record.cells.map(nameKey).filter((name) => known.has(name))).size;
      if (count > (best?.known ?? 0)) best = { delimiter, record, line, known: count };
    }
  }
  if (best === undefined) throw new RefusedObject(noColumnSentence(text));
  if (best.record.end === text.length && !text.endsWith('\n') && !isWhole) {
    throw new RefusedObject(`a header line longer than ${head.length} bytes: check its line ends`);
  }
  refuseTwice(best.record.cells);
  return {
    delimiter: best.delimiter,
    header: best.record.cells,
    dataStart: best.record.end,
    firstLine: best.line + best.record.lines,
    warnings: best.line === 1 ? [] : [`${preambleText(best.line - 1)} above the header skipped`],
  };
}

function* firstLines(text: string): Generator<{ start: number; line: number }> {
  let start = 0;
  for (let line = 1; line <= PREAMBLE_LINES + 1 && start < text.length; line++) {
    yield { start, line };
    const end = text.indexOf('\n', start);
    if (end === -1) return;
    start = end + 1;
  }
}

interface HeaderRecord {
  readonly cells: readonly string[];
  /** Just after its line end. */
  readonly end: number;
  readonly lines: number;
}

/** The record at `start`: by RFC 4180, or cut at every delimiter when its quotes do not fit. */
function headerRecord(text: string, start: number, delimiter: string): HeaderRecord {
  const cell = new RegExp(
    `(?:"([^"]*(?:""[^"]*)*)"|([^"\\n${delimiter}][^\\n${delimiter}]*|))(\\r?\\n|\\${delimiter}|\\r?$)`,
    'y',
  );
  const cells: string[] = [];
  cell.lastIndex = start;
  for (;;) {
    const found = cell.exec(text);
    if (found === null) return unquotedRecord(text, start, delimiter);
    cells.push(columnName(found[1]?.replaceAll('""', '"') ?? found[2] ?? ''));
    if (found[3] === delimiter) continue;
    const end = cell.lastIndex;
    return { cells, end, lines: text.slice(start, end - 1).split('\n').length };
  }
}

function unquotedRecord(text: string, start: number, delimiter: string): HeaderRecord {
  const lineEnd = text.indexOf('\n', start);
  const end = lineEnd === -1 ? text.length : lineEnd + 1;
  return { cells: text.slice(start, end).split(delimiter).map(columnName), end, lines: 1 };
}

function columnName(latin1: string): string {
  return Buffer.from(latin1, 'latin1')
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
}

function nameKey(name: string): string {
  return name.toLowerCase();
}

/** Throws `RefusedObject` where a name comes twice in a header. */
export function refuseTwice(header: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of header) {
    const key = nameKey(name);
    if (key !== '' && seen.has(key))
      throw new RefusedObject(`the column ${shown(name)} twice in the header: name each once`);
    seen.add(key);
  }
}

function preambleText(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}

/** Quotes nothing of the line: in a file without a header it is a row, which may tell of a person. */
function noColumnSentence(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  const cells = line.split(/[,;\t|]/).length;
  return `no column of the contract found in its first lines; the first has ${cells === 1 ? '1 cell' : `${cells} cells`}`;
}

/** Text of the source as a message can bear it: short and without control characters. */
function shown(name: string): string {
  const plain = name.replaceAll(/\p{C}/gu, '?');
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
