// `npm test`: everything that must hold before a change lands. Runs on bare Node as the first command of a clone.
// `npm test -- core/etl` runs only the vitest files whose path matches, without lint and types.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installIfNeeded } from './install-if-needed.mjs';

installIfNeeded();
const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
/** Named once more at the end, where a reader of a long log looks first. */
const failures = [];

try {
  if (only.length === 0) {
    step('lint and format', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
    step('types', 'node_modules/typescript/bin/tsc', ['--noEmit']);
  }
  vitest('tests', only);
  if (only.length === 0) {
    vitest('every file of sql/ on Trino', [], ['--config', 'test/engines/trino/vitest.config.ts']);
    step('handlers under Node 24', 'scripts/test-node24.mjs', []);
    step('deployment to an emulator', 'node_modules/tsx/dist/cli.mjs', ['test/emulator/run.ts']);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
// In continuous integration every part must be there: a skipped test is a failed one.
if (process.env.CI === 'true') Object.assign(totals, { failed: totals.failed + totals.skipped, skipped: 0 });
for (const name of failures) console.log(`failed: ${name}`);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;

function step(title, script, args) {
  console.log(`\n== ${title}`);
  if (run(script, args) === 0) totals.passed += 1;
  else {
    totals.failed += 1;
    failures.push(title);
    console.error(`${title}: failed, see above`);
  }
}

/** Counts each test of vitest; a run that ends badly without a failed test (a crash, an unhandled error) counts as one. */
function vitest(title, filters, settings = []) {
  console.log(`\n== ${title}`);
  const report = join(scratch, 'vitest.json');
  rmSync(report, { force: true });
  const status = run('node_modules/vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...settings,
    ...filters,
  ]);
  const counts = read(report);
  totals.passed += counts.numPassedTests;
  totals.failed += counts.numFailedTests;
  totals.skipped += counts.numPendingTests;
  failures.push(...failedTests(counts.testResults ?? []));
  if (status !== 0 && counts.numFailedTests === 0) {
    totals.failed += 1;
    failures.push(`${title} ended with status ${status}`);
  }
}

function failedTests(files) {
  return files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${relative(root, name)} > ${fullName}`),
  );
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}

function run(script, args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}
