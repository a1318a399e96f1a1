import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../lib/environments.ts';
import { type AssemblyStack, readAssembly } from '../assembly.ts';

/** The stacks of one environment as they would be deployed, without bundled code; leaves no file behind. */
export async function synthesise(environment: Environment): Promise<AssemblyStack[]> {
  // Loaded here, for the CDK takes seconds to load and an assembly at hand needs none of it.
  const { synthesiseOwn } = await import('../own-assembly.ts');
  const directory = mkdtempSync(join(tmpdir(), 'laketwin-cost-'));
  try {
    synthesiseOwn(directory, [environment]);
    return readAssembly(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
