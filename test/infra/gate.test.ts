import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAssembly } from '../../proof/assembly.ts';
import { MOST_ACKNOWLEDGEMENTS } from '../../proof/check/acknowledgements.ts';
import { checks } from '../../proof/check/checks.ts';
import { type GateReport, runGate } from '../../proof/check/gate.ts';
import { synthesiseOwn } from '../../proof/own-assembly.ts';

const directory = mkdtempSync(join(tmpdir(), 'laketwin-assembly-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let report: GateReport;
beforeAll(async () => {
  synthesiseOwn(directory);
  report = await runGate(readAssembly(directory));
}, 600_000);

describe('the gate over every environment of the lake', () => {
  test.each(checks.map(({ name }) => name))('%s ran', (name) => {
    const line = report.checks.find(({ check }) => check === name);
    expect(line?.failure ?? line?.check).toBe(name);
  });

  test('no finding stands that is not acknowledged', () => {
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
  });

  test('what is acknowledged was found, and is no more than a person can think about', () => {
    expect(report.acknowledgements.length).toBeLessThanOrEqual(MOST_ACKNOWLEDGEMENTS);
    expect(report.acknowledgements.filter(({ findings }) => findings === 0)).toEqual([]);
    expect(report.checks.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(0);
  });
});
