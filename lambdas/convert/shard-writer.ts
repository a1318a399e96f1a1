import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from './frame-source.ts';
import { countLines } from './scan-lines.ts';

const LF = 0x0a;
const BUFFER_BYTES = 256 * 1024;

/**
 * Writes lines into files of about `shardBytes`, each cut at a line end.
 *
 * Writes are synchronous: they go to the page cache in pieces of a quarter MiB, which is cheaper than a round trip.
 */
export class ShardWriter {
  readonly #prefix: string;
  readonly #shardBytes: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #buffered = 0;
  #file: { readonly fd: number; readonly path: string } | undefined;
  #firstLine: number;
  #lines = 0;
  #bytes = 0;
  #count = 0;
  readonly #finished: Shard[] = [];

  constructor(scratch: string, shardBytes: number, firstLine: number) {
    this.#prefix = join(scratch, `shard-${randomUUID().slice(0, 8)}`);
    this.#shardBytes = shardBytes;
    this.#firstLine = firstLine;
  }

  /** The physical line that will be written next. */
  get nextLine(): number {
    return this.#firstLine + this.#lines;
  }

  /** Writes whole lines: `bytes[end - 1]` is a line end. */
  write(bytes: Buffer, start: number, end: number, lines: number): void {
    let from = start;
    let left = lines;
    while (this.#bytes + (end - from) >= this.#shardBytes && from < end) {
      const cut = bytes.indexOf(LF, from + Math.max(0, this.#shardBytes - this.#bytes - 1)) + 1;
      const part = cut === end ? left : countLines(bytes, from, cut);
      this.#append(bytes, from, cut, part);
      this.#finish();
      from = cut;
      left -= part;
    }
    if (from < end) this.#append(bytes, from, end, left);
  }

  /** A shard that is whole and not yet handed over. */
  nextFinished(): Shard | undefined {
    return this.#finished.shift();
  }

  /** Makes the last shard of what is left. */
  end(): void {
    if (this.#lines > 0) this.#finish();
  }

  /** Removes every file that was not handed over. */
  discard(): void {
    if (this.#file !== undefined) {
      closeSync(this.#file.fd);
      rmSync(this.#file.path, { force: true });
      this.#file = undefined;
    }
    for (const shard of this.#finished) rmSync(shard.path, { force: true });
    this.#finished.length = 0;
  }

  #append(bytes: Buffer, start: number, end: number, lines: number): void {
    const length = end - start;
    if (this.#buffered + length > BUFFER_BYTES) this.#flush();
    if (length > BUFFER_BYTES) this.#put(bytes, start, end);
    else this.#buffered += bytes.copy(this.#buffer, this.#buffered, start, end);
    this.#bytes += length;
    this.#lines += lines;
  }

  #flush(): void {
    if (this.#buffered > 0) this.#put(this.#buffer, 0, this.#buffered);
    this.#buffered = 0;
  }

  #put(bytes: Buffer, start: number, end: number): void {
    this.#file ??= this.#open();
    for (let from = start; from < end; ) from += writeSync(this.#file.fd, bytes, from, end - from);
  }

  #open(): { readonly fd: number; readonly path: string } {
    this.#count++;
    const path = `${this.#prefix}-${String(this.#count).padStart(5, '0')}.lines`;
    return { fd: openSync(path, 'wx', 0o600), path };
  }

  #finish(): void {
    this.#flush();
    if (this.#file === undefined) return;
    closeSync(this.#file.fd);
    this.#finished.push({
      path: this.#file.path,
      firstLine: this.#firstLine,
      lines: this.#lines,
      bytes: this.#bytes,
    });
    this.#file = undefined;
    this.#firstLine += this.#lines;
    this.#lines = 0;
    this.#bytes = 0;
  }
}
