import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { generateFile } from '../../local/generate-file.ts';
import { Registry } from '../../local/model/registry.ts';
import { bookingRows } from './booking-rows.ts';
import { publishTiny } from './publish-tiny.ts';

const MAIN = fileURLToPath(new URL('../../bin/laketwin.ts', import.meta.url));
const rows = bookingRows(20, 2);
let lake: string;
let versions: string[];

beforeEach(async () => {
  lake = mkdtempSync(join(tmpdir(), 'laketwin-model-commands-'));
  const registry = new Registry(lake, bookingFeatures);
  versions = [await publishTiny(registry, rows, 0.1), await publishTiny(registry, rows, 0.2)];
});

afterEach(() => rmSync(lake, { recursive: true, force: true }));

describe('model rollback', () => {
  test('makes the version before the champion, and then scores name it', async () => {
    expect(laketwin('model', 'rollback').stdout).toContain(`was ${versions[1]} and is ${versions[0]}`);
    const input = join(lake, 'new.csv');
    await generateFile({ dataset: datasetNamed('bookings'), out: input, rows: 40, seed: 3, dirty: 0 });
    expect(laketwin('score', '--input', input, '--out', join(lake, 's.parquet')).stdout).toContain(
      `40 of 40 rows scored by ${versions[0]}`,
    );
  });

  test('goes forward again by name', () => {
    laketwin('model', 'rollback');
    expect(laketwin('model', 'rollback', '--to', String(versions[1])).stdout).toContain(`and is ${versions[1]}`);
  });

  test('fails where there is nothing older, or no such version', () => {
    laketwin('model', 'rollback');
    expect(laketwin('model', 'rollback').stderr).toMatch(/is the oldest live version: there is none to go back to/);
    expect(laketwin('model', 'rollback', '--to', 'v9999-00000000').stderr).toMatch(
      /found --to v9999-.*, expected one of/,
    );
  });
});

test('score fails by name on a model file that was changed, and writes nothing', () => {
  writeFileSync(join(lake, 'models/bookings/live', String(versions[1]), 'booking_complete.json'), '{}');
  const { status, stderr } = laketwin('score', '--input', MAIN, '--out', join(lake, 's.csv'));
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/the file booking_complete\.json of v0002-.* is damaged/),
  ]);
});

function laketwin(...given: readonly string[]) {
  const command = ['--import', 'tsx', MAIN, ...given, '--lake', lake];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stdout, stderr };
}
