import type { Buffer } from 'node:buffer';
import { SaxesParser } from 'saxes';
import { RefusedObject } from '../refused-object.ts';
import { MOST } from './limits.ts';

/** Takes an XML part as it is read. Names come without their prefix. */
export interface XmlTaker {
  /** @param depth of the element, 1 for the root. */
  open(name: string, attributes: Attributes, depth: number): void;
  text?(text: string): void;
  close(name: string, depth: number): void;
}

/** By name, prefix included. */
export type Attributes = Readonly<Record<string, string>>;

/**
 * Reads a part of a workbook, in pieces; what was taken so far can be used after each. It has no document type and so no
 * entities of its own: nothing is ever expanded or fetched.
 *
 * Throws `RefusedObject` where the part is no XML that a spreadsheet program writes.
 *
 * @param part its name, for the message.
 */
export async function* readXml(part: string, chunks: AsyncIterable<Buffer>, taker: XmlTaker): AsyncGenerator<void> {
  const refuse = (what: string) => {
    throw new RefusedObject(`the part ${part} of the workbook ${what}: save it again in a spreadsheet program`);
  };
  const parser = new SaxesParser({ xmlns: false, position: true } as const);
  let depth = 0;
  let lastEvent = 0;
  const event = () => {
    lastEvent = parser.position;
  };
  parser.on('error', (error) => {
    const isEntity = /entity/.test(error.message);
    refuse(isEntity ? 'names an entity, which only a DTD could define' : 'is no well-formed XML');
  });
  parser.on('doctype', () => refuse('has a document type (DTD)'));
  parser.on('xmldecl', ({ encoding }) => {
    event();
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') refuse('is not in UTF-8');
  });
  parser.on('comment', event);
  parser.on('processinginstruction', event);
  parser.on('opentag', ({ name, attributes }) => {
    event();
    depth += 1;
    if (depth > MOST.depth) refuse(`has elements within elements deeper than ${MOST.depth}`);
    taker.open(localName(name), attributes, depth);
  });
  parser.on('closetag', ({ name }) => {
    event();
    taker.close(localName(name), depth);
    depth -= 1;
  });
  parser.on('text', (text) => {
    event();
    taker.text?.(text);
  });
  parser.on('cdata', (text) => {
    event();
    taker.text?.(text);
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Buffer) => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      return refuse('is not in UTF-8') as never;
    }
  };
  for await (const chunk of chunks) {
    parser.write(decode(chunk));
    if (parser.position - lastEvent > MOST.pieceLength)
      refuse(`has more than ${MOST.pieceLength} characters in one piece`);
    yield;
  }
  parser.write(decode());
  parser.close();
}

/** Reads a whole part. */
export async function takeXml(part: string, chunks: AsyncIterable<Buffer>, taker: XmlTaker): Promise<void> {
  for await (const _ of readXml(part, chunks, taker));
}

/** A name without its prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
