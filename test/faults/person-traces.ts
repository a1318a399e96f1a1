import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { rowsOf } from './lake-rows.ts';

/**
 * Files below a folder in whose names or contents a text stands, as a word of its own, however it is packed: gzip,
 * Parquet, zip, base64, UTF-16, escaped JSON, another letter case or Unicode form. It knows nothing of how a lake is laid out.
 */
export async function tracesOf(root: string, sought: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const texts = entry.isFile() ? [entry.name, ...(await textsIn(path))] : [entry.name];
    if (texts.some((text) => standsIn(text, sought))) found.push(path.slice(root.length + 1));
  }
  return found.sort();
}

async function textsIn(path: string): Promise<string[]> {
  const bytes = readFileSync(path);
  if (path.endsWith('.parquet')) {
    const values = (await rowsOf([path])).flatMap((row) => Object.values(row).map(String));
    return values.flatMap((value) => [value, Buffer.from(value, 'base64').toString('utf8')]);
  }
  if (bytes.toString('latin1', 0, 4) === ZIP_PART) return partsOf(bytes);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const text = plain.toString('utf8');
  const packed = [...text.matchAll(/[A-Za-z0-9+/=]{16,}/g)].map(([word]) =>
    Buffer.from(word, 'base64').toString('utf8'),
  );
  return [text, plain.toString('utf16le'), ...packed];
}

const ZIP_PART = 'PK\x03\x04';

/** The parts of a zip, deflated ones. */
function partsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = bytes.indexOf(ZIP_PART); at !== -1; at = bytes.indexOf(ZIP_PART, at + 4)) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    texts.push(inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(at + 18))).toString('utf8'));
  }
  return texts;
}

function standsIn(text: string, sought: string): boolean {
  const plain = text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const parts = folded(plain).split(folded(sought));
  return parts.slice(1).some((after, at) => !/[\p{L}\p{N}]$/u.test(parts[at] ?? '') && !/^[\p{L}\p{N}]/u.test(after));
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
