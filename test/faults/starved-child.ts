/** One run in a process that may open only so many files more: `starved-child.ts FREE LAKE NOW INPUT…`. */
import { closeSync, openSync } from 'node:fs';
import { datasetNamed } from '../../datasets/index.ts';
import { runLake } from '../../local/runner.ts';

const [free = '0', lake = '', now = '', ...inputs] = process.argv.slice(2);
const opened: number[] = [];
try {
  for (;;) opened.push(openSync('/dev/null', 'r'));
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error;
}
for (const file of opened.splice(0, Number(free))) closeSync(file);
await runLake({ lake, dataset: datasetNamed('bookings'), inputs, now: () => new Date(now) });
