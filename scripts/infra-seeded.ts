/** `npm run infra:seeded`: seeds defects into the templates and prints which check reports how many. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { readAssembly } from '../proof/assembly.ts';
import { checks } from '../proof/check/checks.ts';
import { synthesiseOwn } from '../proof/own-assembly.ts';
import { type SeededReport, seededReport } from '../proof/seeded/seeded-report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assembly: { type: 'string' },
    check: { type: 'string', multiple: true },
  },
});

const report = await withAssembly(async (directory) => {
  const stacks = readAssembly(directory);
  const chosen = checks.filter(({ name }) => values.check === undefined || values.check.includes(name));
  return seededReport(stacks, chosen, (check, seconds) => console.error(`${check} ${seconds.toFixed(1)} s`));
});
console.log(values.json ? JSON.stringify(report, undefined, 2) : asText(report));
process.exitCode = report.reported === report.seeded ? 0 : 1;

/** Hands on the assembly that was named, or the app's own. */
async function withAssembly<T>(use: (directory: string) => Promise<T>): Promise<T> {
  if (values.assembly !== undefined) return use(values.assembly);
  const directory = mkdtempSync(join(tmpdir(), 'laketwin-assembly-'));
  try {
    synthesiseOwn(directory);
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function asText({ seeded, reported, checks: scores, defects }: SeededReport): string {
  const table = new Table({ head: ['check', 'reports', 'alone'], style: { head: [], border: [] } });
  for (const { check, reported: own, alone } of scores) table.push([check, own, alone]);
  const survivors = defects.filter(({ reportedBy }) => reportedBy.length === 0);
  return [
    table.toString(),
    `${seeded} seeded, ${reported} reported`,
    ...survivors.map(({ defect, place, weakens }) => `survived: ${defect} at ${place}. ${weakens}`),
  ].join('\n');
}
