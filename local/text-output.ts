import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Where text goes: a file, or standard output. */
export interface TextOutput {
  /** Resolves when more may come. */
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Opens a file to write, or standard output where there is no path. */
export function openTextOutput(path: string | undefined): TextOutput {
  return path === undefined ? new StandardOutput() : new FileOutput(createWriteStream(path));
}

/** A reader that goes away (`| head`) is no error: what is left is not written. */
class StandardOutput implements TextOutput {
  #isOver = false;

  constructor() {
    process.stdout.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#isOver = true;
    });
  }

  async write(text: string): Promise<void> {
    if (this.#isOver) return;
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  }

  async end(): Promise<void> {}
}

class FileOutput implements TextOutput {
  readonly #stream: WriteStream;
  readonly #closed: Promise<void>;

  constructor(stream: WriteStream) {
    this.#stream = stream;
    this.#closed = finished(stream);
    this.#closed.catch(() => {});
  }

  async write(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.#stream.write(text, (error) => (error ? reject(error) : resolve())),
    );
  }

  async end(): Promise<void> {
    this.#stream.end();
    await this.#closed;
  }
}
