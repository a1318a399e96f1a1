/** The templates of an assembly as files of their own, as scanners want them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssemblyStack } from '../../assembly.ts';
import { withImports } from './imports.ts';

export interface TemplateFile {
  readonly path: string;
  readonly stack: AssemblyStack;
}

/**
 * Calls `use` with one file for each stack and removes them afterwards. They are written anew, for a stack may have been
 * changed since it was read, and with what stacks take from one another written out.
 */
export async function withTemplateFiles<T>(
  stacks: readonly AssemblyStack[],
  use: (files: readonly TemplateFile[], directory: string) => Promise<T> | T,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'laketwin-check-'));
  try {
    const files = withImports(stacks).map((stack, index) => {
      const path = join(directory, `${index}.template.json`);
      writeFileSync(path, JSON.stringify(stack.template, undefined, 1));
      return { path, stack };
    });
    return await use(files, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The stack whose template a scanner names, whatever it puts before the name of the file. */
export function stackOfFile(files: readonly TemplateFile[], named: string): string {
  const wanted = named.split(/[\\/]/).at(-1);
  const found = files.find(({ path }) => path.split(/[\\/]/).at(-1) === wanted);
  if (found === undefined) throw new Error(`a finding names ${named}, expected one of the templates it was given`);
  return found.stack.name;
}
