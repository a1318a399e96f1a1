import { datasetNamed } from '../../datasets/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { type GeneratedFile, generateFile } from '../generate-file.ts';
import { openProgress } from '../terminal/progress.ts';
import { renderTable } from '../terminal/table.ts';

export interface GenerateOptions {
  readonly dataset: string;
  readonly rows: number;
  readonly out: string;
  readonly seed: number;
  readonly dirty: number;
  readonly json?: boolean;
}

/** Writes generated rows to a file; says how many rows of each broken kind are among them. */
export async function generate({ json, ...options }: GenerateOptions): Promise<ExitStatus> {
  const progress = openProgress();
  progress.start('generate', options.rows);
  try {
    const written = await generateFile({
      ...options,
      dataset: datasetNamed(options.dataset),
      onProgress: (rows) => progress.update(rows, rows),
    });
    progress.end(`${options.rows.toLocaleString('en')} rows written to ${options.out}`);
    if (json) console.log(JSON.stringify(written, null, 2));
    else if (options.dirty > 0) console.log(brokenTable(written));
  } finally {
    progress.abort();
  }
  return EXIT.done;
}

function brokenTable({ broken }: GeneratedFile): string {
  const kinds = broken.filter(({ rows }) => rows > 0);
  return renderTable(
    ['broken rows', 'rows', 'to be', 'by'],
    kinds.map(({ kind, rows, outcome, by }) => [kind, rows, outcome, by]),
  );
}
