import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RefusedObject } from '../lambdas/convert/refused-object.ts';
import { frameFile } from './framed-lines.ts';
import { sharedData } from './shared-data.ts';

const BOOKINGS = sharedData('bookings/customer_booking_dev.csv');
const MALFORMED = sharedData('malformed/blns.txt');

describe.runIf(BOOKINGS !== undefined)('framing of real files', () => {
  test('the bookings come back byte by byte', async () => {
    const path = BOOKINGS ?? '';
    const { format, lines } = await frameFile(path, { knownColumns: ['route', 'num_passengers'], shardBytes: 300_000 });
    expect(format).toMatchObject({ description: 'csv, latin-1, crlf', delimiter: ',' });
    expect(format.header.length).toBe(14);
    const whole = readFileSync(path);
    const again = lines.map(({ bytes }) => `${bytes}\r\n`).join('');
    expect(lines.length).toBe(39_999);
    expect(Buffer.from(again, 'latin1').equals(whole.subarray(whole.indexOf('\n') + 1))).toBe(true);
  });

  test('the rows of csv-spectrum have the cells that it expects', async () => {
    const folder = join(dirname(MALFORMED ?? ''), 'csv-spectrum');
    for (const name of readdirSync(join(folder, 'csvs'))) {
      const json = readFileSync(join(folder, 'json', name.replace('.csv', '.json')), 'utf8');
      const expected: Record<string, string>[] = [JSON.parse(json)].flat();
      const { lines } = await frameFile(join(folder, 'csvs', name), { knownColumns: Object.keys(expected[0] ?? {}) });
      const records = lines.map(({ bytes }) => bytes.toString()).filter((line) => line !== '\x1e');
      expect(records.length, name).toBe(expected.length);
      const breaks =
        expected
          .flatMap((row) => Object.values(row))
          .join('')
          .split('\n').length - 1;
      expect(records.join('').split('\x1e').length - 1, name).toBe(breaks);
    }
  });

  test('the polluted files of Pollock have the rows of their source', async () => {
    const folder = join(dirname(MALFORMED ?? ''), 'pollock_polluted');
    const options = { knownColumns: ['DATE', 'TIME', 'Qty', 'PRODUCTID', 'Price'] };
    const source = await frameFile(join(folder, 'source.csv'), options);
    const text = (lines: typeof source.lines) => lines.map(({ bytes }) => bytes.toString());
    for (const name of ['file_no_trailing_newline.csv', 'file_preamble.csv', 'file_record_delimiter_0xD.csv']) {
      expect(text((await frameFile(join(folder, name), options)).lines), name).toEqual(text(source.lines));
    }
    const semicolon = await frameFile(join(folder, 'file_field_delimiter_0x3B.csv'), options);
    expect(semicolon.format.delimiter).toBe(';');
    expect(semicolon.lines.length).toBe(source.lines.length);
  });

  test('every other malformed file is framed or refused with a sentence', async () => {
    const folder = dirname(MALFORMED ?? '');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    let refused = 0;
    for (const { parentPath, name } of files) {
      const outcome = await frameFile(join(parentPath, name), { knownColumns: ['a'] }).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) continue;
      expect(outcome, name).toBeInstanceOf(RefusedObject);
      expect(outcome.message, name).toMatch(/^[^\p{C}]{10,300}$/u);
      refused++;
    }
    expect(refused).toBeGreaterThan(50);
  });

  test('a JSON array that must not parse is refused or has no sound row', async () => {
    const folder = join(dirname(MALFORMED ?? ''), 'JSONTestSuite');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const path = join(folder, name);
      if (readFileSync(path)[0] !== 0x5b) continue;
      const outcome = await frameFile(path, { knownColumns: [] }).catch((error: unknown) => error);
      const isSound = !(outcome instanceof Error);
      if (basename(path).startsWith('y_')) expect(isSound, name).toBe(true);
      if (isSound && basename(path).startsWith('n_')) {
        const { lines } = outcome as Awaited<ReturnType<typeof frameFile>>;
        expect(
          lines.some(({ bytes }) => bytes[0] === 0x1c || bytes[0] === 0x1d),
          name,
        ).toBe(true);
      }
    }
  });
});
