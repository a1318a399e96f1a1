import { RefusedObject } from './refused-object.ts';

/** What a file of another kind starts with, and what the sender should do about it. */
const OTHER_KINDS: readonly (readonly [start: string, found: string, advice: string])[] = [
  ['\x1f\x8b', 'a gzip within a gzip', 'compress the table only once'],
  ['%PDF-', 'a PDF document', 'export the table as csv'],
  ['PAR1', 'a Parquet file', 'send the rows as csv or json'],
  ['Obj\x01', 'an Avro file', 'send the rows as csv or json'],
  ['ORC', 'an ORC file', 'send the rows as csv or json'],
  ['SQLite format 3\0', 'an SQLite database', 'export the table as csv'],
  [
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    'an old Office document (xls), or a workbook with a password',
    'save it as xlsx without a password, or as csv',
  ],
  ['\x28\xb5\x2f\xfd', 'a zstd archive', 'send the table as it is or as gzip'],
  ['\xfd7zXZ\0', 'an xz archive', 'send the table as it is or as gzip'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive', 'send the table as it is or as gzip'],
  ['version https://git-lfs.github.com/spec/', 'a git-lfs pointer, not the file itself', 'run `git lfs pull` first'],
];

const CONTROL_SHARE = 0.05;
const LOOK_BYTES = 4096;
const SPACES = Buffer.from(' \t\r\n');

/** Throws `RefusedObject` when the first bytes of the content show that it is no table. */
export function refuseNonTable(start: Buffer): void {
  const text = start.subarray(0, LOOK_BYTES).toString('latin1');
  if (text === '') throw new RefusedObject('an empty file: a table has at least a header');
  for (const [magic, found, advice] of OTHER_KINDS) {
    if (text.startsWith(magic)) throw new RefusedObject(`${found}: ${advice}`);
  }
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) throw new RefusedObject(zipSentence(text));
  if (/^BZh[1-9]1AY&SY/.test(text)) throw new RefusedObject('a bzip2 archive: send the table as it is or as gzip');
}

/** The same for text, once its encoding is known: markup, NULs, binary data. */
export function refuseNonText(start: Buffer): void {
  const bytes = start.subarray(0, LOOK_BYTES);
  const text = bytes.toString('latin1');
  if (start.every((byte) => SPACES.includes(byte))) {
    throw new RefusedObject('nothing but blank lines: a table has at least a header');
  }
  if (/^\s*(<!--[\s\S]*?-->\s*)?<(!doctype\s+html|html|head|body)\b/i.test(text)) {
    throw new RefusedObject(
      'a web page (HTML), maybe an error or a login page saved under this name: download the table again',
    );
  }
  if (/^\s*<([?!]|[a-z])/i.test(text))
    throw new RefusedObject('markup (XML), not a table: export the rows as csv or json');
  if (bytes.every((byte) => byte === 0)) {
    throw new RefusedObject('nothing but NUL bytes: the file was damaged, send it again');
  }
  if (bytes.filter(isControl).length > CONTROL_SHARE * bytes.length) {
    throw new RefusedObject('binary data, not text: send the rows as csv or json');
  }
}

/** A control byte that text files do not hold: neither white space nor the escape of terminals. */
function isControl(byte: number): boolean {
  return byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b;
}

function zipSentence(text: string): string {
  if (/\[Content_Types\]\.xml|xl\/|_rels\//.test(text))
    return 'an Excel workbook (xlsx) within a gzip, or too large for one: send the workbook itself, or its rows as csv';
  return 'a zip archive within a gzip, or a large one: unpack it and send the table as it is or as gzip';
}
