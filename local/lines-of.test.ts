import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesOf } from './lines-of.ts';

test('only a line feed ends a line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'laketwin-lines-'));
  try {
    const lines = ['a\u2028b', 'c\u2029d', 'e\rf', '', 'é'.repeat(70_000), 'last'];
    await writeFile(join(folder, 'text'), lines.join('\n'));
    const found: string[] = [];
    for await (const line of linesOf(join(folder, 'text'))) found.push(line);
    expect(found).toEqual(lines);
  } finally {
    await rm(folder, { recursive: true });
  }
});
