import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ensurePython } from './python.ts';

const scratch = mkdtempSync(join(tmpdir(), 'laketwin-python-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

test('fails with one sentence that says what to install where Python is missing, and leaves nothing', () => {
  vi.stubEnv('PATH', scratch);
  expect(() => ensurePython('test/requirements.txt', join(scratch, 'venv'))).toThrow(
    /^python3 with its venv module is missing \(.*\): install .* apt-get install python3 python3-venv$/,
  );
  expect(readdirSync(scratch)).toEqual([]);
});
