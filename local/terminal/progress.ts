import { SingleBar } from 'cli-progress';

/** Shows how far long work is: a bar on a terminal, a plain line at the end of each stage elsewhere. Always on standard error. */
export interface Progress {
  /** Starts a stage; the one before it must have ended. `total` is in the unit that `update` counts in. */
  start(name: string, total: number): void;
  update(value: number, rows: number): void;
  /** Ends the stage with a sentence about it. */
  end(sentence: string): void;
  /** Takes an unfinished bar away, so that an error message stands on its own line. */
  abort(): void;
}

export function openProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | undefined;
  return {
    start(name, total) {
      bar = new SingleBar({
        format: `${name.padEnd(10)} {bar} {percentage}%  {rows} rows`,
        stream,
        hideCursor: true,
        clearOnComplete: true,
        barsize: 30,
        fps: 8,
      });
      bar.start(Math.max(total, 1), 0, { rows: '0' });
    },
    update(value, rows) {
      bar?.update(value, { rows: rows.toLocaleString('en') });
    },
    end(sentence) {
      this.abort();
      stream.write(`${sentence}\n`);
    },
    abort() {
      bar?.stop();
      bar = undefined;
    },
  };
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  return {
    start() {},
    update() {},
    end(sentence) {
      stream.write(`${sentence}\n`);
    },
    abort() {},
  };
}
