/** Deploys a whole lake to an emulator of AWS, sends rows through it, and takes it down again. */
import { readAssembly } from '../../proof/assembly.ts';
import { countRows } from './count-rows.ts';
import { bootstrap, deployAgain, deployStack, resourceCount, synthesise } from './deploy.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { takeInventory } from './inventory.ts';
import { readLake } from './lake.ts';
import { putPseudonymKey } from './put-pseudonym-key.ts';
import { Report } from './report.ts';
import { runMachines } from './run-machines.ts';
import { destroyAll, refuseToDestroyRows } from './take-down.ts';
import { refuseFile, takeFileAgain, takeFiles } from './take-files.ts';
import { takeStream } from './take-stream.ts';

const asJson = process.argv.includes('--json');
const report = new Report((line) => console.error(line));

async function prove(emulator: Emulator): Promise<void> {
  let assembly = '';
  await report.step('synth', async () => {
    assembly = await synthesise(emulator);
    const stacks = readAssembly(assembly);
    return {
      proved: 'the app of staging bundles its functions and writes its templates',
      figures: { stacks: stacks.length, resources: resourceCount(stacks) },
    };
  });
  await report.step('bootstrap', () => bootstrap(emulator));
  const before = await takeInventory(emulator);
  for (const stack of readAssembly(assembly)) {
    await report.step(`deploy ${stack.name}`, () => deployStack(emulator, assembly, stack));
  }
  const lake = await readLake(emulator, assembly);
  await report.step('pseudonym key', () => putPseudonymKey(lake));
  await report.step('machines', () => runMachines(lake));
  await report.step('files', () => takeFiles(lake));
  await report.step('files again', () => takeFileAgain(lake));
  await report.step('refused file', () => refuseFile(lake));
  await report.step('stream', () => takeStream(lake));
  await report.step('counts', () => countRows(lake));
  await report.step('deploy again', () => deployAgain(emulator, assembly));
  await report.step('destroy with rows', () => refuseToDestroyRows(lake));
  await report.step('destroy', () => destroyAll(lake, before));
}

const emulator = await startEmulator();
try {
  await prove(emulator);
} catch (error) {
  console.error(
    `\nfailed: ${error instanceof Error ? error.message : error}\n\nthe emulator said:\n${emulator.log(25)}`,
  );
  process.exitCode = 1;
} finally {
  await emulator.stop();
}
console.log(asJson ? JSON.stringify(report.steps, null, 2) : report.table());
