import Table from 'cli-table3';

/** What a step proved, in one line, with its figures. */
export interface Proved {
  readonly proved: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

export interface Step extends Proved {
  readonly name: string;
  readonly seconds: number;
}

/** Steps as they are done: a line each, and all of them as a table at the end. */
export class Report {
  readonly steps: Step[] = [];
  /** The step under way, or the last one. */
  current = 'start';
  readonly #start = Date.now();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  async step(name: string, work: () => Promise<Proved>): Promise<void> {
    const start = Date.now();
    this.current = name;
    const proof = await work();
    const seconds = secondsSince(start);
    this.steps.push({ name, seconds, ...proof });
    this.#say(`${`${seconds.toFixed(1)} s`.padStart(8)}  ${name}: ${inWords(proof.figures)}`);
  }

  seconds(): number {
    return secondsSince(this.#start);
  }

  table(): string {
    const table = new Table({
      head: ['step', 'proved', 'figures', 's'],
      colWidths: [20, 52, 44, 7],
      wordWrap: true,
      style: { head: [], border: [] },
    });
    for (const { name, proved, figures, seconds } of this.steps) {
      table.push([name, proved, inWords(figures), seconds.toFixed(1)]);
    }
    return table.toString();
  }
}

function inWords(figures: Proved['figures']): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 100) / 10;
}
