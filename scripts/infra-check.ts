/** `npm run infra:check [-- --assembly DIR] [--json]`: the gate over a cloud assembly, this repository's own by default. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type AssemblyStack, readAssembly } from '../proof/assembly.ts';
import { MOST_ACKNOWLEDGEMENTS } from '../proof/check/acknowledgements.ts';
import { type GateReport, runGate } from '../proof/check/gate.ts';
import { synthesiseOwn } from '../proof/own-assembly.ts';

const OPTIONS = { assembly: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

try {
  const { values } = parseArgs({ options: OPTIONS });
  const report = await runGate(stacksOf(values.assembly));
  console.log(values.json ? JSON.stringify(report, undefined, 2) : asText(report));
  process.exitCode = report.ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function stacksOf(assembly: string | undefined): AssemblyStack[] {
  if (assembly !== undefined) return readAssembly(assembly);
  const directory = mkdtempSync(join(tmpdir(), 'laketwin-assembly-'));
  try {
    synthesiseOwn(directory);
    return readAssembly(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function asText({ ok, stacks, resources, checks, findings, acknowledgements }: GateReport): string {
  const table = new Table({ head: ['check', 'findings', 'acknowledged', 'seconds'], style: { head: [], border: [] } });
  for (const line of checks) {
    table.push([
      line.check,
      line.failure === undefined ? line.findings : 'did not run',
      line.acknowledged,
      line.seconds,
    ]);
  }
  const rules = acknowledgements.reduce((sum, it) => sum + it.rules.length, 0);
  return [
    ...findings.map(
      ({ rule, place, environments, message }) => `${rule}  ${place}  (${environments.join(', ')})\n    ${message}`,
    ),
    ...checks.flatMap(({ check, failure }) => (failure === undefined ? [] : [`${check} could not run: ${failure}`])),
    table.toString(),
    `${acknowledgements.length} acknowledgements of at most ${MOST_ACKNOWLEDGEMENTS}, which answer ${rules} rules`,
    `${ok ? 'passed' : 'FAILED'}: ${resources} resources of ${stacks} stacks`,
  ].join('\n');
}
