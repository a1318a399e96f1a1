import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFileStore } from '../../local/file-store.ts';
import { ensurePython } from '../../local/python.ts';
import { aBooking, takeIn } from '../engines/bookings-lake.ts';
import { bookingRows } from './booking-rows.ts';

const run = promisify(execFile);
const NOTEBOOKS = fileURLToPath(new URL('../../ml/notebooks/', import.meta.url));
const NOTEBOOK = join(NOTEBOOKS, 'explore-bookings.ipynb');
const ROWS = 3000;
const LONG = 600_000;
const scratch = mkdtempSync(join(tmpdir(), 'laketwin-notebook-'));
let python: string;
beforeAll(() => {
  python = ensurePython('ml/notebooks/requirements.txt');
}, LONG);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly execution_count?: number | null;
    readonly outputs?: readonly { readonly text?: string | readonly string[]; readonly data?: object }[];
  }[];
}

test('the notebook is kept without what it put out', () => {
  for (const { cell_type, execution_count, outputs } of read(NOTEBOOK).cells) {
    if (cell_type === 'code') expect([execution_count, outputs]).toEqual([null, []]);
  }
});

test(
  'the notebook runs from its top to its end over the published rows, and its model beats the base rate',
  async () => {
    const lake = join(scratch, 'lake');
    const rows = bookingRows(ROWS, 7).map(({ booking_id: _, ...row }) =>
      aBooking({ ...row, customer_id: null, event_time: null }),
    );
    await takeIn(await openFileStore(lake), { name: 'made.csv', bookings: rows });
    const out = join(scratch, 'executed.ipynb');
    await execute(lake, out);
    const { cells } = read(out);
    const said = cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ text = [] }) => [text].flat()));
    expect(said.join('')).toContain('3,000 bookings, version 1 of the table');
    const result = JSON.parse(said.find((line) => line.startsWith('{"rows"')) ?? '{}');
    expect(result.rows).toBe(ROWS);
    expect(result['log loss']).toBeLessThan(result['log loss of the base rate']);
    expect(result['ROC AUC']).toBeGreaterThan(0.6);
    expect(result['ROC AUC']).toBeLessThan(0.83);
    const pictures = cells.flatMap(({ outputs = [] }) => outputs.filter(({ data = {} }) => 'image/png' in data));
    expect(pictures).toHaveLength(2);
  },
  LONG,
);

test(
  'the notebook fails with what to do where the lake has no published bookings',
  async () => {
    await expect(execute(join(scratch, 'empty'), join(scratch, 'none.ipynb'))).rejects.toThrow(
      /no published bookings in .*: run npm start -- --no-serve first/,
    );
  },
  LONG,
);

async function execute(lake: string, out: string): Promise<void> {
  const env = { ...process.env, LAKETWIN_LAKE: lake, MPLBACKEND: 'module://matplotlib_inline.backend_inline' };
  await run(python, [join(NOTEBOOKS, 'execute.py'), NOTEBOOK, out], { env });
}

function read(path: string): Notebook {
  return JSON.parse(readFileSync(path, 'utf8'));
}
