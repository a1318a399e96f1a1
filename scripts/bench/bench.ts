/**
 * `npm run bench [-- --json] [-- NAME …]`: the figures that we promise, each beside its target.
 *
 * Each part runs in a process of its own, so that one cannot warm up or fill the memory of another. Compare
 * ratios, not seconds: both sides of a ratio are measured in turn in one run.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { renderTable } from '../../local/terminal/table.ts';
import { type Figure, meets } from './figure.ts';
import { figureRow } from './figure-row.ts';

const PARTS = ['contract-check', 'transform', 'parquet', 'bundle', 'first-run', 'bulk', 'model', 'pages'];

const json = process.argv.includes('--json');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = named.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`unknown part '${unknown.join("', '")}', expected some of ${PARTS.join(', ')}`);
  process.exit(2);
}

const figures = (named.length > 0 ? named : PARTS).flatMap(measureApart);
const machine = `Node ${process.versions.node}, ${cpus().length} cores`;
if (json) {
  console.log(JSON.stringify({ machine, figures: figures.map((it) => ({ ...it, meetsTarget: meets(it) })) }, null, 2));
} else {
  console.log(`${machine}\n${renderTable(['figure', 'target', 'measured', '', 'how'], figures.map(figureRow))}`);
}

function measureApart(part: string): readonly Figure[] {
  console.error(`measuring ${part} …`);
  const script = fileURLToPath(new URL(`${part}.ts`, import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`the part '${part}' ended with status ${status}: see its message above`);
  return JSON.parse(stdout) as Figure[];
}
