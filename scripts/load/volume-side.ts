/** One size of the volume: `volume-side.ts INPUT LAKE` takes a file through a lake and prints a `VolumeSide` as JSON. */
import { datasetNamed } from '../../datasets/index.ts';
import { runLake } from '../../local/runner.ts';

export interface VolumeSide {
  readonly seconds: number;
  /** Of all threads, the start of Node left out. */
  readonly cpuSeconds: number;
  /** Most memory that this process ever held. */
  readonly peakBytes: number;
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
}

const [input = '', lake = ''] = process.argv.slice(2);
const before = process.cpuUsage();
const started = performance.now();
const dataset = datasetNamed('bookings');
const { rowsIn, accepted, curated, stages } = await runLake({ lake, dataset, inputs: [input], now: () => new Date() });
if (accepted !== rowsIn || curated.some(({ rows }) => rows !== rowsIn)) {
  throw new Error(`${rowsIn} rows came in, ${accepted} were accepted and ${curated.map(({ rows }) => rows)} curated`);
}
const { user, system } = process.cpuUsage(before);
const side: VolumeSide = {
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
  // In KiB.
  peakBytes: process.resourceUsage().maxRSS * 1024,
  stages,
};
console.log(JSON.stringify(side));
