import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { frameBytes, frameFile, withScratch } from '../../test/framed-lines.ts';
import { sharedData } from '../../test/shared-data.ts';
import { frameSource, RefusedObject } from './frame-source.ts';

const BOOKINGS = sharedData('bookings/customer_booking_dev.csv');
const MALFORMED = sharedData('malformed/blns.txt');
const SMALL = 'a,b\n1,x\n2,y\n3,z\n';
const ROWS = ['1,x', '2,y', '3,z'];

async function rows(bytes: Uint8Array | string, options?: Parameters<typeof frameBytes>[1]): Promise<string[]> {
  return (await frameBytes(bytes, options)).lines.map(({ bytes: line }) => line.toString());
}

describe('encodings', () => {
  const text = 'a,b\r\n1,Réunion\r\n2,😀\r\n';
  const be = Buffer.from(text, 'utf16le').swap16();
  test.each([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 LE', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16 LE with byte order mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 BE', be, 'utf-16be'],
    ['UTF-16 BE with byte order mark', Buffer.concat([Buffer.from([0xfe, 0xff]), be]), 'utf-16be'],
  ])('%s is read', async (_name, bytes, encoding) => {
    const { format, lines } = await frameBytes(bytes);
    expect(format).toMatchObject({ encoding, header: ['a', 'b'], lineEnding: 'crlf' });
    expect(lines.map((line) => line.bytes.toString())).toEqual(['1,Réunion', '2,😀']);
  });

  test('Latin-1 is read, every byte of it', async () => {
    const every = Buffer.from(Array.from({ length: 128 }, (_, i) => 0x80 + i));
    const { format, lines } = await frameBytes(Buffer.concat([Buffer.from('a,b\n1,'), every]));
    expect(format.description).toBe('csv, latin-1, lf');
    expect(Buffer.from(lines[0]?.bytes.toString() ?? '', 'latin1')).toEqual(Buffer.concat([Buffer.from('1,'), every]));
  });

  test('a UTF-8 file whose first foreign byte is damaged stays UTF-8, and that row is rejected', async () => {
    const bytes = Buffer.from('a,b\n1,\xe9\n2,\xc3\xa9\n', 'latin1');
    const { format, lines } = await frameBytes(bytes);
    expect(format.encoding).toBe('utf-8');
    expect(lines.map((line) => line.bytes.toString())).toEqual([expect.stringContaining('\x1drow:encoding\t'), '2,é']);
  });

  test('a file that turns Latin-1 after many MiB of ASCII is read whole', async () => {
    const plain = '1,plain\n'.repeat(700_000);
    const { format, lines } = await frameBytes(Buffer.from(`a,b\n${plain}2,\xe9\n${plain}`, 'latin1'));
    expect(format.encoding).toBe('latin-1');
    expect(lines.length).toBe(1_400_001);
    expect(lines[700_000]?.bytes.toString()).toBe('2,é');
  });

  test('a lone surrogate of UTF-16 rejects its row alone', async () => {
    const bytes = Buffer.from('\ufeffa,b\n1,\ud83d\n2,y\n', 'utf16le');
    expect(await rows(bytes)).toEqual([expect.stringContaining('\x1drow:encoding\t'), '2,y']);
  });
});

describe('dialects', () => {
  test.each([',', ';', '\t', '|'])('the delimiter %j is found by the names it gives', async (delimiter) => {
    const { format } = await frameBytes(`A${delimiter} B ${delimiter}"x,;y"\n1${delimiter}2${delimiter}3\n`);
    expect(format).toMatchObject({ kind: 'csv', delimiter, header: ['A', 'B', 'x,;y'] });
  });

  test.each([
    ['lf', SMALL],
    ['crlf', SMALL.replaceAll('\n', '\r\n')],
    ['cr', SMALL.replaceAll('\n', '\r')],
    ['mixed', 'a,b\r\n1,x\n2,y\n3,z\r\n'],
    ['lf', SMALL.trimEnd()],
    ['crlf', SMALL.trimEnd().replaceAll('\n', '\r\n')],
  ])('line ends %s are read', async (lineEnding, text) => {
    const { format, lines } = await frameBytes(text);
    expect(format.lineEnding).toBe(lineEnding);
    expect(lines.map((line) => line.bytes.toString())).toEqual(ROWS);
    expect(lines[0]?.line).toBe(2);
  });

  test('lines above the header are skipped with a warning and counted', async () => {
    const { lines, warnings } = await frameBytes(`Report of May\n\n${SMALL}`);
    expect(lines.map(({ line }) => line)).toEqual([4, 5, 6]);
    expect(warnings).toEqual(['2 lines above the header skipped']);
  });

  test('a header over two lines moves the first row', async () => {
    const { format, lines } = await frameBytes('a,"b\nx"\n1,2\n');
    expect(format.header).toEqual(['a', 'b\nx']);
    expect(lines).toEqual([{ line: 3, bytes: Buffer.from('1,2') }]);
  });

  test('a header without rows has no shards', async () => {
    expect(await frameBytes('a,b')).toMatchObject({ lines: [], shards: 0 });
  });

  test('JSON lines keep their physical lines', async () => {
    const { format, lines } = await frameBytes('\n{"a":1}\r\nnot json\r\n{"a":2}', { knownColumns: [] });
    expect(format.kind).toBe('json');
    expect(lines.map((line) => [line.line, line.bytes.toString()])).toEqual([
      [1, '\x1e'],
      [2, '{"a":1}'],
      [3, 'not json'],
      [4, '{"a":2}'],
    ]);
  });

  test('a JSON array gives its elements', async () => {
    const { format, lines } = await frameBytes('\ufeff[{"a":1},\n {"a":\n2}]', { knownColumns: [] });
    expect(format.description).toBe('json array, utf-8, lf');
    expect(lines.map((line) => [line.line, line.bytes.toString()])).toEqual([
      [1, '{"a":1}'],
      [2, '{"a": 2}'],
    ]);
  });
});

describe('gzip', () => {
  test('several members are one file, cut anywhere', async () => {
    for (let cut = 0; cut <= SMALL.length; cut++) {
      const members = Buffer.concat([gzipSync(SMALL.slice(0, cut)), gzipSync(SMALL.slice(cut))]);
      expect(await rows(members)).toEqual(ROWS);
    }
  });

  test('zero bytes after the last member are padding', async () => {
    expect(await rows(Buffer.concat([gzipSync(SMALL), Buffer.alloc(600)]))).toEqual(ROWS);
  });

  test('fails when torn at any byte', async () => {
    const whole = Buffer.concat([gzipSync(SMALL), gzipSync(SMALL)]);
    const firstMember = gzipSync(SMALL).length;
    for (let length = 0; length < whole.length; length++) {
      if (length === firstMember) continue;
      await expect(frameBytes(whole.subarray(0, length))).rejects.toThrow(RefusedObject);
    }
    await expect(frameBytes(whole.subarray(0, -1))).rejects.toThrow('a torn gzip, it breaks off in the middle');
  });

  test('fails on a damaged checksum', async () => {
    const bytes = gzipSync(SMALL);
    bytes.writeUInt8((bytes.at(-6) as number) ^ 1, bytes.length - 6);
    await expect(frameBytes(bytes)).rejects.toThrow('damaged gzip (incorrect data check)');
  });

  test.each([
    ['text', Buffer.from('garbage')],
    ['text behind zero bytes', Buffer.concat([Buffer.alloc(600), Buffer.from('garbage')])],
  ])('fails on %s after the last member', async (_name, tail) => {
    await expect(frameBytes(Buffer.concat([gzipSync(SMALL), tail]))).rejects.toThrow(
      'gzip followed by bytes that are no gzip',
    );
  });

  test('fails on a decompression bomb', async () => {
    const bomb = Buffer.concat([gzipSync(SMALL), gzipSync(Buffer.alloc(400_000_000, 'x'), { level: 9, memLevel: 9 })]);
    await expect(frameBytes(bomb)).rejects.toThrow('decompression bomb');
  });

  test('fails beyond the limit of bytes', async () => {
    const options = { knownColumns: ['a'], limits: { maxTotalBytes: 10 } };
    await expect(frameBytes(SMALL, options)).rejects.toThrow('more than 10 bytes of content, the limit');
  });
});

describe('what is no table', () => {
  test.each<[name: string, bytes: Uint8Array | string, sentence: string]>([
    ['an empty file', '', 'an empty file'],
    ['an empty gzip', gzipSync(''), 'an empty file'],
    ['a gzip within a gzip', gzipSync(gzipSync(SMALL)), 'a gzip within a gzip'],
    ['blank lines', '\n \r\n\n', 'nothing but blank lines'],
    ['a zip', 'PK\x03\x04\x14\0\0\0a.csv', 'a zip archive: unpack it'],
    ['an xlsx', 'PK\x03\x04\x14\0\x06\0[Content_Types].xml', 'an Excel workbook (xlsx): save the sheet as csv'],
    ['a PDF', '%PDF-1.7\n', 'a PDF document'],
    ['a Parquet file', 'PAR1\x15\x04', 'a Parquet file'],
    ['a web page', '\n <!DOCTYPE html><html><body>a,b</body></html>', 'a web page (HTML)'],
    ['a web page without doctype', '<html lang="en">', 'a web page (HTML)'],
    ['XML', '<?xml version="1.0"?><a/>', 'markup (XML)'],
    [
      'a git-lfs pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n',
      'a git-lfs pointer',
    ],
    ['NUL bytes', Buffer.alloc(5000), 'nothing but NUL bytes'],
    ['binary data', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), 'binary data'],
    ['other columns', 'x,y,z\n1,2,3\n', 'no column of the contract found in its first lines; found: x, y, z'],
    ['a header with terminal commands', '\x1b[31mred;\u202ex\n', 'found: ?[31mred, ?x'],
    ['a column twice', 'a,b,A\n1,2,3\n', 'the column A twice in the header'],
    ['one JSON object over several lines', '{\n "a": 1\n}\n', 'one json object over several lines'],
    ['a torn JSON array', '[{"a":1}', 'a torn json array'],
  ])('fails on %s', async (_name, bytes, sentence) => {
    const refusal = await frameBytes(bytes).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RefusedObject);
    expect((refusal as Error).message).toContain(sentence);
  });

  test('fails after many shards and leaves no file', async () => {
    const rest = '1,x\n'.repeat(500_000);
    const torn = gzipSync(`a,b\n${rest}`).subarray(0, -4);
    const options = { knownColumns: ['a'], shardBytes: 100_000 };
    await expect(frameBytes(torn, options)).rejects.toThrow('torn gzip');
  });
});

describe('shards', () => {
  test('are cut at line ends and number every line', async () => {
    const { lines, shards } = await frameBytes(SMALL, { knownColumns: ['a'], shardBytes: 5 });
    expect(lines.map((line) => [line.line, line.bytes.toString()])).toEqual([
      [2, '1,x'],
      [3, '2,y'],
      [4, '3,z'],
    ]);
    expect(shards).toBe(2);
  });

  test('run ahead of the consumer by no more than three', async () => {
    await withScratch(async (folder) => {
      const path = join(folder, 'source');
      writeFileSync(path, `a,b\n${'1,x\n'.repeat(1_000_000)}`);
      const { shards } = await frameSource(path, { scratch: folder, knownColumns: ['a'], shardBytes: 100_000 });
      for await (const _first of shards) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        // A chunk of the file makes a few shards at once; without an end to it there would be forty.
        expect(readdirSync(folder).length).toBeLessThan(20);
        break;
      }
      expect(readdirSync(folder).filter((name) => name.startsWith('shard-')).length).toBe(1); // the one taken
    });
  });
});

test('a line of one GB is rejected in bounded memory and the rows around it are kept', {
  timeout: 60_000,
}, async () => {
  const block = Buffer.alloc(16 * 1024);
  for (let i = 0; i < block.length; i++) block[i] = 97 + ((i * i * 31 + (i >> 3)) % 26);
  const part = gzipSync(Buffer.concat(Array.from({ length: 4096 }, () => block)), { level: 1 });
  const members = [gzipSync('a,b\n1,x\n'), ...Array.from({ length: 16 }, () => part), gzipSync('\n2,y\n')];
  const before = process.memoryUsage().rss;
  let highest = before;
  const { lines } = await frameBytes(Buffer.concat(members), {
    knownColumns: ['a'],
    onProgress: () => {
      highest = Math.max(highest, process.memoryUsage().rss);
    },
  });
  expect(lines.map(({ bytes }) => bytes.subarray(0, 14).toString())).toEqual(['1,x', '\x1drow:too_long\t', '2,y']);
  expect(lines[1]?.bytes.toString().split('\t')[2]).toBe(String(1024 ** 3));
  expect((highest - before) / 1e6).toBeLessThan(250);
});

describe.runIf(BOOKINGS !== undefined)('real files', () => {
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
