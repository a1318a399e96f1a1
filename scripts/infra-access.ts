/** `npm run infra:access [-- --assembly DIR] [--json] [--write]`: who may do what, computed from the policies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareMatrix } from '../proof/access/compare.ts';
import { declaredPlaces, declaredRights } from '../proof/access/declaration.ts';
import { accessMatrix, type Cell } from '../proof/access/matrix.ts';
import { accessPage } from '../proof/access/page.ts';
import { type AssemblyStack, readAssembly } from '../proof/assembly.ts';
import { synthesiseOwn } from '../proof/own-assembly.ts';

const OPTIONS = {
  assembly: { type: 'string' },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
} as const;

try {
  const { values } = parseArgs({ options: OPTIONS });
  const rights = declaredRights();
  if (values.write) {
    const page = fileURLToPath(new URL('../docs/access.md', import.meta.url));
    writeFileSync(page, accessPage(rights));
    console.log('docs/access.md is written');
  } else {
    const cells = accessMatrix(stacksOf(values.assembly), declaredPlaces(rights));
    const { differences, ...figures } = compareMatrix(cells, rights);
    const open = differences.map(({ environment, message }) => `${environment}: ${message}`);
    const allowed = allowedOf(cells);
    console.log(
      values.json ? JSON.stringify({ ...figures, differences: open, allowed }, undefined, 2) : asText(allowed),
    );
    if (!values.json) console.log([...open, '', summary(figures.cells, figures.allowed, open.length)].join('\n'));
    process.exitCode = open.length === 0 ? 0 : 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function stacksOf(assembly: string | undefined): AssemblyStack[] {
  if (assembly !== undefined) return readAssembly(assembly);
  const directory = mkdtempSync(join(tmpdir(), 'laketwin-access-'));
  try {
    synthesiseOwn(directory);
    return readAssembly(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Line {
  readonly environment: string;
  readonly who: string;
  readonly verb: string;
  readonly targets: readonly string[];
}

function allowedOf(cells: readonly Cell[]): Line[] {
  const lines = new Map<string, Line>();
  for (const { environment, asker, question, transport, isAllowed } of cells) {
    if (!isAllowed) continue;
    const who = transport === 'TLS 1.2' ? asker.name : `${asker.name} (${transport})`;
    const key = JSON.stringify([environment, who, question.verb]);
    const targets = [...(lines.get(key)?.targets ?? []), question.target];
    lines.set(key, { environment, who, verb: question.verb, targets });
  }
  return [...lines.values()];
}

function asText(lines: readonly Line[]): string {
  const heads = [...new Set(lines.map(({ environment, who }) => `${environment}: ${who}`))].sort();
  return heads
    .flatMap((head) => {
      const own = lines.filter(({ environment, who }) => `${environment}: ${who}` === head);
      return [head, ...own.map(({ verb, targets }) => `  may ${verb} ${targets.join(', ')}`)];
    })
    .join('\n');
}

function summary(cells: number, allowed: number, differences: number): string {
  return `${cells} cells, ${allowed} allowed, ${differences} not as docs/access.md says`;
}
