import { datasetNamed } from '../../datasets/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { generateFile } from '../generate-file.ts';
import { openProgress } from '../terminal/progress.ts';

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
  } finally {
    progress.abort();
  }
  return EXIT.done;
}
