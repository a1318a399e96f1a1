/** One run in a process of its own, to be killed: `run-child.ts LAKE NOW INPUT…`. Says `started`, then the summary. */
import { datasetNamed } from '../../datasets/index.ts';
import { runLake } from '../../local/runner.ts';

const [lake = '', now = '', ...inputs] = process.argv.slice(2);
console.log('started');
const summary = await runLake({ lake, dataset: datasetNamed('bookings'), inputs, now: () => new Date(now) });
console.log(JSON.stringify(summary));
