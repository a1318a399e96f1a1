import type { SourceFormat } from '../convert/frame-source.ts';

/** Bytes of a source as they came, in their order. */
export interface Segment {
  /** Physical line, or number of the element of a JSON array; undefined for line ends and what stands between elements. */
  readonly line: number | undefined;
  readonly bytes: Buffer;
}

/** How the records of a source lie in its bytes. */
export interface SourceShape {
  readonly isArray: boolean;
  readonly encoding: SourceFormat['encoding'];
  readonly lineEnding: SourceFormat['lineEnding'];
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What a byte of JSON outside of strings does. */
const OPENS = 1;
const CLOSES = 2;
const PARTS = 3;
const ROLES = rolesOf({ '[{': OPENS, ']}': CLOSES, ', \t\r\n': PARTS });

export function segmentsOf(chunks: AsyncIterable<Buffer>, shape: SourceShape): AsyncGenerator<Segment> {
  if (!shape.isArray) return lineSegments(chunks, shape);
  if (shape.encoding.startsWith('utf-16'))
    throw new Error('a json array in UTF-16, of which no element can be cut: take it out and send it as UTF-8');
  return elementSegments(chunks);
}

/** A `\r` right before the line end belongs to it. */
async function* lineSegments(chunks: AsyncIterable<Buffer>, shape: SourceShape): AsyncGenerator<Segment> {
  const units = unitsOf(shape);
  const end = units.of(shape.lineEnding === 'cr' ? CR : LF);
  const cr = units.of(CR);
  let line = 1;
  let kept: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    let from = 0;
    for (let at = units.find(bytes, end, 0); at !== -1; at = units.find(bytes, end, from)) {
      const hasReturn = shape.lineEnding !== 'cr' && at - from >= cr.length && units.isAt(bytes, cr, at - cr.length);
      const contentEnd = hasReturn ? at - cr.length : at;
      yield { line, bytes: bytes.subarray(from, contentEnd) };
      from = at + end.length;
      yield { line: undefined, bytes: bytes.subarray(contentEnd, from) };
      line += 1;
    }
    // What may be half a unit, or a `\r` whose `\n` has not come, waits; of a long line the rest goes on.
    const safe = Math.max(from, bytes.length - ((bytes.length - from) % end.length) - cr.length);
    if (safe > from) yield { line, bytes: bytes.subarray(from, safe) };
    kept = Buffer.from(bytes.subarray(safe));
  }
  if (kept.length > 0) yield { line, bytes: kept };
}

interface Units {
  /** The bytes of an ASCII character. */
  readonly of: (code: number) => Buffer;
  /** Where the unit stands next, at a whole number of units. */
  readonly find: (bytes: Buffer, unit: Buffer, from: number) => number;
  readonly isAt: (bytes: Buffer, unit: Buffer, at: number) => boolean;
}

function unitsOf({ encoding }: SourceShape): Units {
  const isAt = (bytes: Buffer, unit: Buffer, at: number) => bytes.subarray(at, at + unit.length).equals(unit);
  if (!encoding.startsWith('utf-16'))
    return { of: (code) => Buffer.from([code]), find: (bytes, unit, from) => bytes.indexOf(unit, from), isAt };
  return {
    of: (code) => Buffer.from(encoding === 'utf-16le' ? [code, 0] : [0, code]),
    find(bytes, unit, from) {
      let at = bytes.indexOf(unit, from);
      while (at !== -1 && (at - from) % 2 === 1) at = bytes.indexOf(unit, at + 1);
      return at;
    },
    isAt,
  };
}

/** Elements of an array that framing has found sound: their brackets fit. */
async function* elementSegments(chunks: AsyncIterable<Buffer>): AsyncGenerator<Segment> {
  let line = 0;
  let depth = -1;
  let isIn: 'string' | 'scalar' | undefined;
  let isEscaped = false;
  for await (const bytes of chunks) {
    let from = 0;
    let current = isElement() ? line : undefined;
    for (let at = 0; at < bytes.length; at += 1) {
      const isBefore = isElement();
      const endsBefore = step(bytes[at] as number);
      if (!isBefore && isElement()) line += 1;
      // A byte belongs to an element where it is within it before or behind the byte, but for what ends a scalar.
      const owner = (isBefore && !endsBefore) || isElement() ? line : undefined;
      if (owner === current) continue;
      if (at > from) yield { line: current, bytes: bytes.subarray(from, at) };
      from = at;
      current = owner;
    }
    if (bytes.length > from) yield { line: current, bytes: bytes.subarray(from) };
  }

  function isElement(): boolean {
    return depth > 0 || isIn !== undefined;
  }

  /** Takes a byte; returns whether it stands behind the element that it ends. */
  function step(byte: number): boolean {
    if (isIn === 'string') {
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) isIn = undefined;
      return false;
    }
    const role = ROLES[byte];
    if (byte === QUOTE) isIn = 'string';
    else if (role === OPENS) depth += 1;
    else if (role === CLOSES || (role === PARTS && depth === 0)) {
      const endsScalar = isIn === 'scalar';
      isIn = undefined;
      if (role === CLOSES) depth -= 1;
      return endsScalar;
    } else if (depth === 0) isIn = 'scalar';
    return false;
  }
}

function rolesOf(characters: Readonly<Record<string, number>>): Uint8Array {
  const roles = new Uint8Array(256);
  for (const [texts, role] of Object.entries(characters)) for (const text of texts) roles[text.charCodeAt(0)] = role;
  return roles;
}
