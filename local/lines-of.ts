import { createReadStream } from 'node:fs';

/**
 * The lines of a UTF-8 text file, ended by `\n` and by nothing else: Node's own readline takes U+2028 and U+2029 for
 * line ends as well from Node 24 on, which may stand in any text.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
