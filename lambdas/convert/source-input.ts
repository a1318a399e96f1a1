import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';

/** The bytes of a source, chunk by chunk and once, for readers that stop early. */
export class SourceInput {
  readonly #chunks: AsyncIterator<Buffer>;
  /** Taken to look at, not yet handed on. */
  #ahead: Buffer | undefined;
  /** Handed on, and maybe not used. */
  #kept: Buffer[] = [];
  #keptFrom = 0;
  #bytesRead = 0;

  constructor(body: Readable) {
    this.#chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  /** Bytes handed on so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** The first bytes, as many as asked for or all there are; they are handed on all the same. */
  async peek(wanted: number): Promise<Buffer> {
    let start: Buffer = Buffer.alloc(0);
    while (start.length < wanted) {
      const { value, done } = await this.#chunks.next();
      if (done === true) break;
      start = start.length === 0 ? value : Buffer.concat([start, value]);
    }
    this.#ahead = start;
    return start.subarray(0, wanted);
  }

  /** What comes next. `used` says how many bytes need not be kept for `after`. */
  async *chunks(used: () => number = () => this.#bytesRead): AsyncGenerator<Buffer> {
    for (let chunk = await this.#next(used); chunk !== undefined; chunk = await this.#next(used)) yield chunk;
  }

  /** All bytes from an offset on, those that were handed on and not used included. */
  async *after(offset: number): AsyncGenerator<Buffer> {
    // Whoever stopped reading may have asked for one more chunk, so the first comes before what is kept is looked at.
    let next = await this.#next(() => offset);
    const kept = Buffer.concat(this.#kept);
    yield kept.subarray(Math.max(0, offset - this.#keptFrom));
    while (next !== undefined) {
      next = await this.#next(() => this.#bytesRead);
      if (next !== undefined) yield next;
    }
  }

  async #next(used: () => number): Promise<Buffer | undefined> {
    const chunk = this.#ahead ?? (await this.#taken());
    this.#ahead = undefined;
    if (chunk === undefined) return undefined;
    this.#bytesRead += chunk.length;
    this.#kept.push(chunk);
    this.#forget(used());
    return chunk;
  }

  async #taken(): Promise<Buffer | undefined> {
    const { value, done } = await this.#chunks.next();
    return done === true ? undefined : value;
  }

  #forget(used: number): void {
    for (let [first] = this.#kept; first !== undefined && this.#keptFrom + first.length <= used; [first] = this.#kept) {
      this.#kept.shift();
      this.#keptFrom += first.length;
    }
  }
}
