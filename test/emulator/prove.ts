import { readAssembly } from '../../proof/assembly.ts';
import { checkEncryption } from './check-encryption.ts';
import { checkRights } from './check-rights.ts';
import { countRows } from './count-rows.ts';
import { bootstrap, deployAgain, deployStack, resourceCount, synthesise } from './deploy.ts';
import type { Emulator } from './emulator.ts';
import { findResources, takeInventory } from './inventory.ts';
import { readLake } from './lake.ts';
import { makeReport } from './make-report.ts';
import { putPseudonymKey } from './put-pseudonym-key.ts';
import type { Report } from './report.ts';
import { backfillRows, curateAgain, curateNothing, curateRows, takeLargeObject } from './run-machines.ts';
import { destroyAll, refuseToDestroyRows } from './take-down.ts';
import { refuseFile, takeFileAgain, takeFiles } from './take-files.ts';
import { takeStream } from './take-stream.ts';

/** Goes through the life of a lake, step by step; throws at the first that does not hold. */
export async function prove(emulator: Emulator, report: Report): Promise<void> {
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
  await report.step('resources', () => findResources(lake, before));
  await report.step('pseudonym key', () => putPseudonymKey(lake));
  await report.step('curate nothing', () => curateNothing(lake));
  await report.step('files', () => takeFiles(lake));
  await report.step('files again', () => takeFileAgain(lake));
  await report.step('refused file', () => refuseFile(lake));
  await report.step('stream', () => takeStream(lake));
  await report.step('counts', () => countRows(lake));
  await report.step('large file', () => takeLargeObject(lake));
  await report.step('curate', () => curateRows(lake));
  await report.step('curate again', () => curateAgain(lake));
  await report.step('backfill', () => backfillRows(lake));
  await report.step('report', () => makeReport(lake));
  await report.step('encryption', () => checkEncryption(lake));
  await report.step('rights', () => checkRights(lake));
  await report.step('deploy again', () => deployAgain(emulator, assembly));
  await report.step('destroy with rows', () => refuseToDestroyRows(lake));
  await report.step('destroy', () => destroyAll(lake, before));
}
