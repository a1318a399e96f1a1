import type { Layout } from './detect-layout.ts';
import type { SourceFormat } from './frame-source.ts';
import type { SourceText } from './open-text.ts';

const DELIMITER_NAMES: Readonly<Record<string, string>> = { ';': 'semicolon', '\t': 'tab', '|': 'bar' };

/** How a workbook is described: it can only be read as a whole. */
export const WORKBOOK = 'xlsx';

/** What is known of the source after `rows` lines, `crlfRows` of which ended in `\r\n`. */
export function describeFormat(
  layout: Layout,
  text: SourceText,
  gzip: boolean,
  crlfRows: number,
  rows: number,
): SourceFormat {
  const kind = layout.kind === 'csv' ? 'csv' : 'json';
  const { encoding } = text.decoder;
  const lineEnding = lineEndingOf(layout, text, crlfRows, rows);
  const delimiterName = DELIMITER_NAMES[layout.delimiter];
  const parts = [layout.kind, delimiterName, encoding, lineEnding, gzip ? 'gzip' : undefined];
  return {
    kind,
    delimiter: layout.delimiter,
    header: layout.header,
    encoding,
    lineEnding,
    gzip,
    description: parts.filter((part) => part !== undefined).join(', '),
  };
}

/** The last line may have no end, which is why one line ending in `\n` alone is not counted against `\r\n`. */
function lineEndingOf(layout: Layout, text: SourceText, crlfRows: number, rows: number): SourceFormat['lineEnding'] {
  if (text.hasLoneReturns) return 'cr';
  const above = text.head.subarray(0, layout.kind === 'json array' ? text.head.length : layout.dataStart);
  const crlf = crlfRows + above.toString('latin1').split('\r\n').length - 1;
  const lines = (layout.kind === 'json array' ? 0 : rows) + above.toString('latin1').split('\n').length - 1;
  if (crlf === 0) return 'lf';
  return crlf >= lines - 1 ? 'crlf' : 'mixed';
}
