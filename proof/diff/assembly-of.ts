/** The cloud assembly of any commit, synthesised by that commit's own app. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssemblyStack, readAssembly } from '../assembly.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Of the files as they are now, committed or not. */
export function ownAssembly(): AssemblyStack[] {
  return synthesise(ROOT);
}

/**
 * Of a commit: it is checked out beside, with the packages of this one. Throws one sentence where git knows no such
 * commit, or where its app does not synthesise.
 */
export function assemblyOf(ref: string): AssemblyStack[] {
  const folder = mkdtempSync(join(tmpdir(), 'laketwin-diff-'));
  const commit = resolve(ref);
  try {
    git('worktree', 'add', '--detach', '--force', folder, commit);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
    return synthesise(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    git('worktree', 'prune');
  }
}

function resolve(ref: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).trim();
  } catch {
    throw new Error(`git knows no commit '${ref}', expected a branch, a tag or a commit that is here`);
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Without bundling: the code of functions is no part of a template. */
function synthesise(root: string): AssemblyStack[] {
  if (!existsSync(join(root, 'bin/app.ts')))
    throw new Error('that commit has no bin/app.ts, so nothing to compare with');
  const out = mkdtempSync(join(tmpdir(), 'laketwin-assembly-'));
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const settings = { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true };
  try {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(settings), CDK_VALIDATION: 'false' },
    });
    if (status !== 0) throw new Error(`its app does not synthesise: ${stderr.trim().split('\n').at(-1)}`);
    return readAssembly(out);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
