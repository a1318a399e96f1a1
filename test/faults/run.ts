/**
 * `npm run test:faults`: injects every fault and prints what became of it.
 *
 * `--points N` crashes at N moments of each kind (default 20), `--json` prints JSON, `--page` writes the table of the README.
 * Ends with 1 where a fault was not survived.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faults } from './faults.ts';
import { judge, type RunTest } from './judge-faults.ts';
import { faultSection, faultTable } from './render-faults.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: { points: { type: 'string', default: '20' }, json: { type: 'boolean' }, page: { type: 'boolean' } },
});
if (!/^[1-9]\d*$/.test(options.points)) throw new Error(`--points is '${options.points}', expected a whole number`);

const judged = await run();
if (options.page) writeTable(faultSection(judged));
if (options.json) {
  const plain = judged.map(({ fault: { id, title }, ...rest }) => ({ id, title, ...rest }));
  console.log(JSON.stringify(plain, null, 2));
} else console.log(faultTable(judged));
process.exitCode = judged.some(({ verdict }) => verdict === 'failed') ? 1 : 0;

async function run() {
  const scratch = mkdtempSync(join(tmpdir(), 'laketwin-faults-'));
  const report = join(scratch, 'report.json');
  try {
    await vitest(report);
    const tests = readReport(report);
    return faults.map((fault) => judge(fault, tests));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function writeTable(section: string): void {
  const readme = join(ROOT, 'README.md');
  const [before, rest = ''] = readFileSync(readme, 'utf8').split('<!-- faults -->\n');
  const [, after] = rest.split('<!-- /faults -->');
  if (after === undefined)
    throw new Error('README.md has no place for the table: <!-- faults --> and <!-- /faults -->');
  writeFileSync(readme, `${before}<!-- faults -->\n${section}<!-- /faults -->${after}`);
}

/** Its own account goes to the terminal, and to standard error where standard output is for JSON. */
async function vitest(report: string): Promise<void> {
  const files = [...new Set(faults.flatMap(({ proofs }) => proofs.map(({ file }) => file)))];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...files], {
    cwd: ROOT,
    stdio: ['ignore', options.json ? 2 : 'inherit', 'inherit'],
    env: { ...process.env, LAKETWIN_FAULTS: 'whole', LAKETWIN_FAULT_POINTS: options.points },
  });
  await new Promise((done) => child.once('close', done));
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly meta?: { readonly injections?: number };
    }[];
  }[];
}

function readReport(path: string): RunTest[] {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  return testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ fullName, status, meta }) => ({
      file: relative(ROOT, file),
      name: fullName,
      isPassed: status === 'passed',
      ...(meta?.injections === undefined ? {} : { injections: meta.injections }),
    })),
  );
}
