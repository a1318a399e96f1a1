/** One side of the bulk bench: `bulk-side.ts copy|lake INPUT FOLDER` prints its wall time and peak memory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { datasetNamed } from '../../datasets/index.ts';
import { runLake } from '../../local/runner.ts';

const [what = '', input = '', folder = ''] = process.argv.slice(2);

const SIDES: Readonly<Record<string, () => Promise<void>>> = {
  async copy() {
    mkdirSync(folder, { recursive: true });
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const out = join(folder, 'copy.parquet');
    await connection.run(`copy (from read_csv('${input}')) to '${out}' (format parquet, compression zstd)`);
  },
  async lake() {
    const { rowsIn, accepted } = await runLake({
      lake: folder,
      dataset: datasetNamed('bookings'),
      inputs: [input],
      now: () => new Date(),
    });
    if (accepted !== rowsIn) throw new Error(`accepted ${accepted} of ${rowsIn} clean rows`);
  },
};

const work = SIDES[what];
if (work === undefined) throw new Error(`found '${what}', expected copy or lake`);
const started = performance.now();
await work();
const seconds = (performance.now() - started) / 1000;
// maxRSS is in KiB.
console.log(JSON.stringify({ seconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));
