/**
 * Deploys a whole lake to an emulator of AWS by the CDK's ordinary command line, sends rows through it, counts them
 * against its ledger, and takes it down again. Says each step on stderr and all of them on stdout, with `--json` as JSON.
 */
import { startEmulator } from './emulator.ts';
import { NOT_PROVEN } from './not-proven.ts';
import { prove } from './prove.ts';
import { Report } from './report.ts';

const report = new Report((line) => console.error(line));
const emulator = await startEmulator();
for (const [signal, status] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
  process.once(signal, () => emulator.stop().finally(() => process.exit(status)));
}
let problem: string | undefined;
try {
  await prove(emulator, report);
} catch (error) {
  problem = error instanceof Error ? error.message : String(error);
  console.error(
    `\n${report.current} failed: ${problem}\n\nthe last lines of the emulator's log:\n${emulator.log(25)}\n`,
  );
  process.exitCode = 1;
}
const { recorded } = emulator.notes();
await emulator.stop();

if (process.argv.includes('--json')) {
  const { steps } = report;
  const result = { passed: problem === undefined, problem, seconds: report.seconds(), steps, recorded };
  console.log(JSON.stringify({ ...result, notProven: NOT_PROVEN }, null, 2));
} else {
  console.log(report.table());
  console.log('\nRecorded only, not proven (a name was given out, and nothing is behind it):');
  for (const [type, names] of Object.entries(recorded)) console.log(`  ${type}, ${names.length}`);
  console.log('\nNot proven here:');
  for (const line of NOT_PROVEN) console.log(`  ${line}`);
  const outcome = problem === undefined ? 'passed' : `failed at ${report.current}`;
  console.log(`\n${outcome}: ${report.steps.length} steps in ${report.seconds().toFixed(0)} seconds`);
}
