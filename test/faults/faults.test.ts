import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { faults } from './faults.ts';
import { judge } from './judge-faults.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('all 42 faults are there, each with a test, in a file that is there', () => {
  expect(faults.map(({ id }) => id)).toEqual(Array.from({ length: 42 }, (_, n) => `F${n + 1}`));
  for (const { id, proofs } of faults) {
    expect([id, proofs.length > 0]).toEqual([id, true]);
    for (const { file } of proofs) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
  }
});

test('the README tells of every fault, and calls none survived that does not apply', () => {
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8');
  for (const { id, title, absent } of faults) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${id}: `)) ?? '';
    expect(row).toContain(title);
    if (absent !== undefined) expect(row).toMatch(/does not apply \|$/);
  }
});

test('a fault fails where a test of it failed, or was not run', () => {
  const fault = { id: 'F1', title: 't', injection: 'i', proofs: [{ file: 'a.test.ts', test: 'one' }] };
  const passed = { file: 'a.test.ts', name: 'group one', isPassed: true, injections: 7 };
  expect(judge(fault, [passed])).toMatchObject({ verdict: 'survived', injections: 7 });
  expect(judge(fault, [passed, { ...passed, isPassed: false }]).verdict).toBe('failed');
  expect(judge(fault, [{ ...passed, name: 'another' }]).verdict).toBe('failed');
  expect(judge({ ...fault, absent: 'no door' }, [passed])).toMatchObject({ verdict: 'does not apply', injections: 0 });
});
