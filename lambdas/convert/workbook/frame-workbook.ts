import { Buffer } from 'node:buffer';
import { rmSync } from 'node:fs';
import { WORKBOOK } from '../describe-format.ts';
import type { FramedSource, FrameLimits, FrameOptions, Shard, SourceFormat } from '../frame-source.ts';
import { RefusedObject } from '../refused-object.ts';
import { ShardWriter } from '../shard-writer.ts';
import { takeAhead } from '../take-ahead.ts';
import { readMeanings } from './date-styles.ts';
import { EMPTY_BOOK, findHeader, type Header } from './find-header.ts';
import { type BookParts, findSheets } from './find-sheets.ts';
import { MOST } from './limits.ts';
import { openPackage, type Package } from './open-package.ts';
import { readSheet, type SheetContext, type SheetRow } from './read-sheet.ts';
import { BLANK_LINE, rowLine } from './row-line.ts';
import { readSharedTexts } from './shared-texts.ts';

/** Characters of the lines that are put together before they are written. */
const BATCH_LENGTH = 1024 * 1024;

/**
 * Turns the sheet of a workbook (xlsx) into shards, as `frameSource` does for text: row `n` of the sheet is line `n`, its
 * cells in the dress of a csv. A formula counts by its last result.
 *
 * Throws `RefusedObject` where the workbook has several sheets that hold something, since none of them may be left out
 * unseen, and where it is not what a spreadsheet program writes.
 *
 * In memory: the table of shared texts, and a few MiB.
 */
export async function frameWorkbook(
  path: string,
  options: FrameOptions & { readonly limits: FrameLimits; readonly shardBytes: number; readonly ahead: number },
): Promise<FramedSource> {
  const { pack, rows } = await openSheet(path, { mostLength: options.limits.maxLineBytes });
  try {
    const header = await findHeader(rows, options.knownColumns);
    const writer = new ShardWriter(options.scratch, options.shardBytes, header.row + 1);
    const report = () =>
      options.onProgress?.({
        bytes: pack.bytesRead(),
        totalBytes: pack.sizeBytes,
        rows: writer.nextLine - header.row - 1,
      });
    const warnings = header.skipped === 0 ? [] : [`${header.skipped} rows above the header skipped`];
    const shards = frameRows(rows, header, { pack, writer, report, warnings, limits: options.limits });
    return {
      format: formatOf(header.cells),
      warnings,
      shards: takeAhead(shards, options.ahead, (shard) => rmSync(shard.path, { force: true })),
      async close() {
        await rows.return(undefined);
        await pack.close();
      },
    };
  } catch (error) {
    await pack.close();
    throw error;
  }
}

/** Opens the one sheet of a workbook that holds something. Whoever is done with its rows closes the package. */
export async function openSheet(
  path: string,
  wanted: Pick<SheetContext, 'mostLength' | 'keepsWritten'>,
): Promise<{ readonly pack: Package; readonly rows: AsyncGenerator<SheetRow>; readonly from1904: boolean }> {
  const pack = await openPackage(path);
  try {
    const book = await findSheets(pack);
    const { from1904 } = book;
    const texts = await readSharedTexts(pack, book.texts);
    const context = { ...wanted, texts, meanings: await readMeanings(pack, book.styles), from1904 };
    return { pack, rows: rowsOf(pack, await onlySheet(pack, book, context), context), from1904 };
  } catch (error) {
    await pack.close();
    throw error;
  }
}

function formatOf(header: readonly string[]): SourceFormat {
  return {
    kind: 'csv',
    delimiter: ',',
    header,
    encoding: 'utf-8',
    lineEnding: 'lf',
    gzip: false,
    description: WORKBOOK,
  };
}

/** The part of the sheet that holds something. */
async function onlySheet(pack: Package, { sheets }: BookParts, context: SheetContext): Promise<string> {
  const filled: (typeof sheets)[number][] = [];
  for (const sheet of sheets) {
    if (sheets.length === 1 || (await isFilled(rowsOf(pack, sheet.part, context)))) filled.push(sheet);
  }
  const [only, second] = filled;
  if (only === undefined) throw new RefusedObject(EMPTY_BOOK);
  if (second === undefined) return only.part;
  throw new RefusedObject(
    `a workbook with ${filled.length} sheets that hold something (${shown(only.name)}, ${shown(second.name)}${filled.length > 2 ? ', …' : ''}): keep the one with the rows, or save each as a file`,
  );
}

async function isFilled(rows: AsyncGenerator<SheetRow>): Promise<boolean> {
  for await (const row of rows) if (row.length > 0) return true;
  return false;
}

async function* rowsOf(pack: Package, part: string, context: SheetContext): AsyncGenerator<SheetRow> {
  for await (const rows of readSheet(part, pack.read(part, MOST.sheetBytes), context)) yield* rows;
}

interface Framing {
  readonly pack: Package;
  readonly writer: ShardWriter;
  readonly report: () => void;
  readonly warnings: string[];
  readonly limits: FrameLimits;
}

async function* frameRows(
  rows: AsyncGenerator<SheetRow>,
  header: Header,
  { pack, writer, report, warnings, limits }: Framing,
): AsyncGenerator<Shard> {
  const batch = new LineBatch(writer, Math.min(MOST.rowsBytes, limits.maxTotalBytes));
  let row = header.row;
  let formulas = 0;
  try {
    for await (const next of rowsBelow(header, rows)) {
      for (row += 1; row < next.number; row += 1) batch.add(BLANK_LINE);
      batch.add(rowLine(next, header.cells.length, limits.maxLineBytes));
      formulas += next.formulas;
      if (!batch.isFull) continue;
      batch.write();
      report();
      for (let shard = writer.nextFinished(); shard !== undefined; shard = writer.nextFinished()) yield shard;
    }
    batch.write();
    writer.end();
    if (formulas > 0) warnings.push(`${formulas} cells are results of formulas, taken as they were last computed`);
    report();
    for (let shard = writer.nextFinished(); shard !== undefined; shard = writer.nextFinished()) yield shard;
  } finally {
    writer.discard();
    await rows.return(undefined);
    await pack.close();
  }
}

async function* rowsBelow(header: Header, rows: AsyncGenerator<SheetRow>): AsyncGenerator<SheetRow> {
  yield* header.next;
  yield* rows;
}

/** Lines on their way to the shards. */
class LineBatch {
  readonly #writer: ShardWriter;
  readonly #mostBytes: number;
  #lines: string[] = [];
  #length = 0;
  #written = 0;

  constructor(writer: ShardWriter, mostBytes: number) {
    this.#writer = writer;
    this.#mostBytes = mostBytes;
  }

  add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
  }

  get isFull(): boolean {
    return this.#length >= BATCH_LENGTH;
  }

  write(): void {
    const bytes = Buffer.from(this.#lines.join(''));
    this.#written += bytes.length;
    if (this.#written > this.#mostBytes) {
      throw new RefusedObject(`more than ${this.#mostBytes} bytes of rows, the limit: send it in several files`);
    }
    this.#writer.write(bytes, 0, bytes.length, this.#lines.length);
    this.#lines = [];
    this.#length = 0;
  }
}

/** The name of a sheet as a message can bear it. */
function shown(name: string): string {
  return `'${name.replaceAll(/\p{C}/gu, '?').slice(0, 31)}'`;
}
