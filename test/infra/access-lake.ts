import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssemblyStack, readAssembly } from '../../proof/assembly.ts';
import { synthesiseOwn } from '../../proof/own-assembly.ts';

/** The stacks of every proven environment, as the access check is given them. */
export function ownStacks(): AssemblyStack[] {
  const directory = mkdtempSync(join(tmpdir(), 'laketwin-access-'));
  try {
    synthesiseOwn(directory);
    return readAssembly(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
