/** The key of a row that its source gives none: from the file's checksum and the line, counted from 1. */
export function positionKey(checksum: string, line: number | bigint): string {
  return `${checksum.slice(0, 16)}-${String(line).padStart(9, '0')}`;
}
