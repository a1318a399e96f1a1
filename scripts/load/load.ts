/**
 * `npm run load [-- NAME …] [-- --seconds 600 --rate 5000 --rows 500000,5000000,50000000 --json]`: how the lake bears a
 * steady stream (`transform`) and a growing amount of rows (`volume`), each figure beside its target.
 *
 * Each part runs in a process of its own. 50 million rows take some 20 minutes and 15 GB of disk, which are given back.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { renderTable } from '../../local/terminal/table.ts';
import { meets } from '../bench/figure.ts';
import { figureRow } from '../bench/figure-row.ts';
import { loadOptions } from './load-options.ts';
import type { LoadReport } from './load-report.ts';

const PARTS = ['transform', 'volume'];

const { parts, json } = loadOptions();
const unknown = parts.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`unknown part '${unknown.join("', '")}', expected some of ${PARTS.join(', ')}`);
  process.exit(2);
}

const machine = `Node ${process.versions.node}, ${cpus().length} cores`;
const reports = (parts.length > 0 ? parts : PARTS).map((part) => ({ part, ...measureApart(part) }));
const figures = reports.flatMap((report) =>
  report.figures.map((figure) => ({ ...figure, meetsTarget: meets(figure) })),
);
if (json) {
  console.log(JSON.stringify({ machine, parts: reports, figures }, null, 2));
} else {
  const tables = reports.flatMap((report) => report.tables.map(({ head, rows }) => renderTable(head, rows)));
  const summary = renderTable(['figure', 'target', 'measured', '', 'how'], figures.map(figureRow));
  console.log([machine, ...tables, summary].join('\n\n'));
}
process.exitCode = figures.every(({ meetsTarget }) => meetsTarget) ? 0 : 1;

function measureApart(part: string): LoadReport {
  console.error(`measuring ${part} …`);
  const script = fileURLToPath(new URL(`${part}.ts`, import.meta.url));
  const args = ['--expose-gc', '--import', 'tsx', script, ...process.argv.slice(2)];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`the part '${part}' ended with status ${status}: see its message above`);
  return JSON.parse(stdout) as LoadReport;
}
