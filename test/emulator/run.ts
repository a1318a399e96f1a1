/** Deploys a whole lake to an emulator of AWS, sends rows through it, and takes it down again. */
import { readAssembly } from '../../proof/assembly.ts';
import { bootstrap, deployAgain, deployStack, resourceCount, synthesise } from './deploy.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { Report } from './report.ts';

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
  for (const stack of readAssembly(assembly)) {
    await report.step(`deploy ${stack.name}`, () => deployStack(emulator, assembly, stack));
  }
  await report.step('deploy again', () => deployAgain(emulator, assembly));
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
