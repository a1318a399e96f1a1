import { join } from 'node:path';
import type { AssemblyStack } from '../../proof/assembly.ts';
import { readAssembly } from '../../proof/assembly.ts';
import { cdk } from './cdk.ts';
import type { Emulator } from './emulator.ts';
import { ACCOUNT, REGION, STAGE } from './place.ts';
import type { Proved } from './report.ts';

/** Writes the cloud assembly, the functions bundled, and returns its folder. */
export async function synthesise(emulator: Emulator): Promise<string> {
  const assembly = join(emulator.folder, 'cdk.out');
  // By path: npm's folder of commands is not on the path of everyone who starts this.
  const app = `"${process.execPath}" node_modules/tsx/dist/cli.mjs test/emulator/app.ts`;
  await cdk(emulator, ['synth', '--quiet', '--app', app, '--output', assembly]);
  return assembly;
}

export async function bootstrap(emulator: Emulator): Promise<Proved> {
  await cdk(emulator, ['bootstrap', `aws://${ACCOUNT}/${REGION}`, '--app', '']);
  return { proved: 'the account takes the bootstrap of the CDK', figures: { environments: 1 } };
}

/** One stack, whose dependencies are there already. */
export async function deployStack(emulator: Emulator, assembly: string, stack: AssemblyStack): Promise<Proved> {
  await cdk(emulator, [
    ...['deploy', stack.name, '--exclusively', '--app', assembly],
    ...['--require-approval', 'never', '--progress', 'events'],
  ]);
  return { proved: 'references, order and properties hold', figures: { resources: resourceCount([stack]) } };
}

/** Everything once more: whatever differs would be deployed, and fails here. */
export async function deployAgain(emulator: Emulator, assembly: string): Promise<Proved> {
  const stacks = readAssembly(assembly);
  const said = await cdk(emulator, ['deploy', `${STAGE}/*`, '--app', assembly, '--require-approval', 'never']);
  const unchanged = said.split('\n').filter((line) => line.includes('(no changes)')).length;
  if (unchanged !== stacks.length) {
    throw new Error(
      `${stacks.length - unchanged} of ${stacks.length} stacks changed at the second deployment:\n${said}`,
    );
  }
  return { proved: 'a second deployment changes nothing', figures: { 'stacks unchanged': unchanged } };
}

export function resourceCount(stacks: readonly AssemblyStack[]): number {
  const types = stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type));
  return types.filter((type) => type !== 'AWS::CDK::Metadata').length;
}
