import { posix } from 'node:path';
import { RefusedObject } from '../refused-object.ts';
import { MOST } from './limits.ts';
import type { Package } from './open-package.ts';
import { type Attributes, localName, takeXml } from './read-xml.ts';

/** Where the parts of a workbook are. */
export interface BookParts {
  /** Sheets of cells in their order; charts and macro sheets are none. */
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  /** Parts of shared texts and of styles; undefined where the workbook has none. */
  readonly texts: string | undefined;
  readonly styles: string | undefined;
  /** Days are counted from 1904, as old Macs did. */
  readonly from1904: boolean;
}

const CONTENT_TYPES = '[Content_Types].xml';
const ROOT = '_rels/.rels';

/** Finds the sheets of a workbook; throws `RefusedObject` where the zip is something else. */
export async function findSheets(pack: Package): Promise<BookParts> {
  refuseOtherZips(pack);
  const mainPart = (await relations(pack, '')).find(({ type }) => type === 'officeDocument')?.target;
  if (mainPart === undefined) throw new RefusedObject(NO_WORKBOOK);
  refuseOtherDocuments(await contentTypes(pack), mainPart);
  const related = await relations(pack, mainPart);
  const targets = new Map(related.filter(({ type }) => type === 'worksheet').map(({ id, target }) => [id, target]));
  const listed: { name: string; id: string }[] = [];
  let from1904 = false;
  await takeXml(mainPart, pack.read(mainPart, MOST.descriptionBytes), {
    open(element, attributes, depth) {
      if (element === 'workbookPr' && depth === 2) from1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (element !== 'sheet' || depth !== 3) return;
      listed.push({ name: attributes.name ?? '', id: relationId(attributes) });
      if (listed.length > MOST.sheets)
        throw new RefusedObject(`a workbook of more than ${MOST.sheets} sheets, the limit`);
    },
    close() {},
  });
  const sheets = listed.flatMap(({ name, id }) => {
    const part = targets.get(id);
    return part === undefined ? [] : [{ name, part }];
  });
  if (sheets.length === 0) throw new RefusedObject('a workbook without a sheet of cells: save it again, or as csv');
  const partOf = (wanted: string) => related.find(({ type }) => type === wanted)?.target;
  return { sheets, texts: partOf('sharedStrings'), styles: partOf('styles'), from1904 };
}

const NO_WORKBOOK = 'a zip archive that is no workbook: unpack it and send the table as it is or as gzip';

function refuseOtherZips(pack: Package): void {
  if (pack.has('META-INF/manifest.xml') && pack.has('content.xml')) {
    throw new RefusedObject('an OpenDocument spreadsheet (ods): save it as xlsx or csv');
  }
  if (!pack.has(CONTENT_TYPES) || !pack.has(ROOT)) throw new RefusedObject(NO_WORKBOOK);
}

function refuseOtherDocuments(types: readonly (readonly [part: string, type: string])[], mainPart: string): void {
  if (types.some(([, type]) => /macroEnabled|vbaProject/i.test(type))) {
    throw new RefusedObject('a workbook with macros (xlsm): save it as xlsx without them, or as csv');
  }
  const type = types.find(([part]) => part.toLowerCase() === mainPart.toLowerCase())?.[1] ?? '';
  if (/\.sheet\.binary\./.test(type)) throw new RefusedObject('a binary workbook (xlsb): save it as xlsx or csv');
  if (!/spreadsheetml\.(sheet|template)\.main\+xml/.test(type)) {
    throw new RefusedObject('an Office document that is no workbook: save the table as xlsx or csv');
  }
}

async function contentTypes(pack: Package): Promise<[part: string, type: string][]> {
  const types: [string, string][] = [];
  await takeXml(CONTENT_TYPES, pack.read(CONTENT_TYPES, MOST.descriptionBytes), {
    open(element, attributes) {
      if (element === 'Override' || element === 'Default') {
        types.push([(attributes.PartName ?? '').replace(/^\//, ''), attributes.ContentType ?? '']);
      }
    },
    close() {},
  });
  return types;
}

/** Its prefix is `r` by custom only. */
function relationId(attributes: Attributes): string {
  const name = Object.keys(attributes).find((it) => it.includes(':') && localName(it) === 'id');
  return attributes[name ?? 'id'] ?? '';
}

interface Relation {
  readonly id: string;
  /** The last word of the address that names the type. */
  readonly type: string;
  /** Name of a part. */
  readonly target: string;
}

/** What a part refers to within the workbook; what leads out of it is never followed. */
async function relations(pack: Package, part: string): Promise<Relation[]> {
  const folder = posix.dirname(part);
  const list = part === '' ? ROOT : posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const found: Relation[] = [];
  if (!pack.has(list)) return found;
  const take = (attributes: Attributes) => {
    const type = (attributes.Type ?? '').split('/').at(-1) ?? '';
    if (attributes.TargetMode === 'External') {
      if (!INSIDE.includes(type)) return;
      throw new RefusedObject('a workbook whose sheet lies elsewhere, at an address: save it with its own sheet');
    }
    const target = attributes.Target ?? '';
    const path = target.startsWith('/') ? posix.normalize(target.slice(1)) : posix.join(folder, target);
    found.push({ id: attributes.Id ?? '', type, target: path });
  };
  await takeXml(list, pack.read(list, MOST.descriptionBytes), {
    open(element, attributes) {
      if (element === 'Relationship') take(attributes);
    },
    close() {},
  });
  return found;
}

/** What is read; links of cells to web pages are external in every workbook, and are not read. */
const INSIDE = ['officeDocument', 'worksheet', 'sharedStrings', 'styles'];
