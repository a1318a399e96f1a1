import { MOST } from './limits.ts';
import type { Package } from './open-package.ts';
import { takeXml } from './read-xml.ts';

/** The table of texts that cells refer to by number, from 0. */
export async function readSharedTexts(pack: Package, part: string | undefined): Promise<readonly string[]> {
  const texts: string[] = [];
  if (part === undefined) return texts;
  const collector = new TextCollector();
  await takeXml(part, pack.read(part, MOST.textTableBytes), {
    open(name, _, depth) {
      if (name === 'si' && depth === 2) collector.start();
      collector.open(name);
    },
    text: (text) => collector.text(text),
    close(name, depth) {
      collector.close(name);
      if (name === 'si' && depth === 2) texts.push(collector.end());
    },
  });
  return texts;
}

/** Puts the runs of a rich text together; how it is read aloud (`rPh`) is no part of it. */
export class TextCollector {
  #text = '';
  #isInText = false;
  #isAloud = false;

  start(): void {
    this.#text = '';
  }

  open(name: string): void {
    if (name === 't') this.#isInText = true;
    else if (name === 'rPh') this.#isAloud = true;
  }

  text(text: string): void {
    if (this.#isInText && !this.#isAloud) this.#text += text;
  }

  close(name: string): void {
    if (name === 't') this.#isInText = false;
    else if (name === 'rPh') this.#isAloud = false;
  }

  end(): string {
    return unescaped(this.#text);
  }
}

/** `_x000D_` stands for a character that XML cannot hold (ECMA-376, ST_Xstring). */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
