import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { frameBytes, withScratch } from '../../test/framed-lines.ts';
import { frameSource, RefusedObject } from './frame-source.ts';

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

  test('a header of odd quotes is read as far as it goes', async () => {
    const { format } = await frameBytes(`a,"b"x,"${'"'.repeat(900_000)}\n1,2\n`);
    expect(format.header.slice(0, 2)).toEqual(['a', '"b"x']);
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

  test('fails or gives the same rows when any one byte is changed', async () => {
    const whole = gzipSync(SMALL);
    for (let at = 0; at < whole.length; at++) {
      for (const mask of [0x01, 0x10, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] as number) ^ mask;
        const outcome = await rows(changed).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(RefusedObject);
        else expect(outcome).toEqual(ROWS);
      }
    }
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
    ['what is no whole zip', 'PK\x03\x04\x14\0\0\0a.csv', 'a damaged or torn zip'],
    [
      'a zip in a gzip',
      gzipSync('PK\x03\x04\x14\0\0\0a.csv'),
      'a zip archive within a gzip, or a large one: unpack it',
    ],
    [
      'an xlsx in a gzip',
      gzipSync('PK\x03\x04\x14\0\x06\0[Content_Types].xml'),
      'xlsx) within a gzip, or too large for one: send',
    ],
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
    ['other columns', 'x,y,z\n1,2,3\n', 'no column of the contract found in its first lines; the first has 3 cells'],
    ['a header with terminal commands', '\x1b[31mred;\u202ex\n', 'the first has 2 cells'],
    ['rows without a header', 'jean@example.org\n', 'the first has 1 cell'],
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
  test('are not needed to let go of the source', async () => {
    await withScratch(async (folder) => {
      const path = join(folder, 'source');
      writeFileSync(path, `a,b\n${'1,x\n'.repeat(1_000_000)}`);
      const source = await frameSource(path, { scratch: folder, knownColumns: ['a'] });
      await source.close();
      expect(readdirSync(folder)).toEqual(['source']);
    });
  });

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
