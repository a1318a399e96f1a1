import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip; what is given beside the name and the content is a lie about it. */
export interface ZipEntry {
  readonly name: string;
  readonly data: string | Buffer;
  readonly localName?: string;
  /** Declared length. */
  readonly size?: number;
  readonly localSize?: number;
  readonly compressedSize?: number;
  readonly crc?: number;
  /** 8 deflates. */
  readonly method?: number;
  readonly flags?: number;
  /** Of Unix. */
  readonly mode?: number;
  /** Takes the content of the entry of this place, so that both overlap. */
  readonly at?: number;
}

/** A zip by hand, because no writer of zips writes a wrong one. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const listed: Buffer[] = [];
  const starts: number[] = [];
  let length = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.data);
    const method = entry.method ?? 8;
    const packed = method === 8 ? deflateRawSync(content, { level: 9 }) : content;
    const facts = (size: number) => ({
      flags: entry.flags ?? 0,
      method,
      crc: entry.crc ?? crc32(content),
      packed: entry.compressedSize ?? packed.length,
      size,
    });
    const start = entry.at === undefined ? length : (starts[entry.at] ?? 0);
    if (entry.at === undefined) {
      const name = Buffer.from(entry.localName ?? entry.name);
      const local = header(0x04034b50, facts(entry.localSize ?? entry.size ?? content.length), name, 0);
      locals.push(local, name, packed);
      length += local.length + name.length + packed.length;
    }
    starts.push(start);
    const name = Buffer.from(entry.name);
    const central = header(0x02014b50, facts(entry.size ?? content.length), name, 6);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(start, 10);
    listed.push(central, tail, name);
  }
  const list = Buffer.concat(listed);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(length, 16);
  return Buffer.concat([...locals, list, end]);
}

interface Facts {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** The fields that both headers of an entry have; the one of the list has two bytes more before them. */
function header(magic: number, facts: Facts, name: Buffer, place: number): Buffer {
  const shift = place === 0 ? 0 : 2;
  const bytes = Buffer.alloc(30 + shift);
  bytes.writeUInt32LE(magic, 0);
  if (shift > 0) bytes.writeUInt16LE((3 << 8) | 20, 4);
  bytes.writeUInt16LE(20, 4 + shift);
  bytes.writeUInt16LE(facts.flags, 6 + shift);
  bytes.writeUInt16LE(facts.method, 8 + shift);
  bytes.writeUInt32LE(facts.crc, 14 + shift);
  bytes.writeUInt32LE(facts.packed, 18 + shift);
  bytes.writeUInt32LE(facts.size, 22 + shift);
  bytes.writeUInt16LE(name.length, 26 + shift);
  return bytes;
}

/** Parts of a workbook. */
export interface Book {
  /** What stands between `<sheetData>` and its end. */
  readonly rows: string;
  readonly moreSheets?: readonly string[];
  readonly texts?: readonly string[];
  /** `<xf>` elements of the styles, and formats of its own. */
  readonly styles?: string;
  readonly from1904?: boolean;
  /** Replaces parts by name, or adds some. */
  readonly parts?: Readonly<Record<string, string | Buffer | Omit<ZipEntry, 'name'>>>;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export function entriesOf(book: Book): ZipEntry[] {
  const sheets = [book.rows, ...(book.moreSheets ?? [])];
  const numbers = sheets.map((_, index) => index + 1);
  const texts = (book.texts ?? []).map((text) => `<si><t>${text}</t></si>`).join('');
  const parts: Record<string, string | Buffer | Omit<ZipEntry, 'name'>> = {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': relations([['r1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${book.from1904 ? ' date1904="1"' : ''}/><sheets>${numbers.map((n) => `<sheet name="Sheet ${n}" sheetId="${n}" r:id="s${n}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...numbers.map((n) => [`s${n}`, 'worksheet', `worksheets/sheet${n}.xml`] as const),
      ['t', 'sharedStrings', 'sharedStrings.xml'],
      ['y', 'styles', 'styles.xml'],
    ]),
    'xl/sharedStrings.xml': `${XML}<sst xmlns="${MAIN}">${texts}</sst>`,
    'xl/styles.xml': `${XML}<styleSheet xmlns="${MAIN}">${book.styles ?? '<cellXfs><xf numFmtId="0"/></cellXfs>'}</styleSheet>`,
    ...Object.fromEntries(
      sheets.map((rows, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `${XML}<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    ...book.parts,
  };
  return Object.entries(parts).map(([name, part]) =>
    typeof part === 'string' || Buffer.isBuffer(part) ? { name, data: part } : { name, ...part },
  );
}

export function workbookOf(book: Book): Buffer {
  return zipOf(entriesOf(book));
}

export function relations(
  all: readonly (readonly [id: string, type: string, target: string, mode?: string])[],
): string {
  const list = all.map(
    ([id, type, target, mode]) =>
      `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${mode === undefined ? '' : ` TargetMode="${mode}"`}/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`;
}

/** A row of cells; what starts with `<` is a cell as it stands, all others are texts in the cell. */
export function rowOf(number: number, cells: readonly string[]): string {
  const all = cells.map((cell) => (cell.startsWith('<') ? cell : `<c t="inlineStr"><is><t>${cell}</t></is></c>`));
  return `<row r="${number}">${all.join('')}</row>`;
}
