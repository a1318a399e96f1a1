import { type DatasetPlan, requiredColumns, sourceColumns } from '../core/contract/plan.ts';
import { pick, randomFrom, type SourceStyle, sourceTexts } from './source-rows.ts';

/** A csv of some dialect with rows of the plan; columns in any order, optional ones perhaps missing. */
export function csvOf(plan: DatasetPlan, rows: number, seed: number, style: SourceStyle): string {
  const random = randomFrom(seed);
  const row = sourceTexts(plan, random, style);
  const required = new Set(requiredColumns(plan).map(({ name }) => name));
  const isTidy = style.broken === 0;
  const names = sourceColumns(plan)
    .map(({ name }) => name)
    .filter((name) => required.has(name) || isTidy || random() < 0.8)
    .sort(() => (isTidy ? 0 : random() - 0.5));
  if (!isTidy && random() < 0.5) names.push('some_other_column');
  const delimiter = isTidy ? ',' : pick(random, [',', ';', '\t', '|']);
  const quoting = pick(random, ['all', 'needed', 'random'] as const);
  const isQuoted = (cell: string) =>
    quoting === 'all' ||
    cell.startsWith('"') ||
    cell.includes(delimiter) ||
    cell.includes('\n') ||
    (quoting === 'random' && random() < 0.3);
  const lines = [names.map((name) => (isTidy || random() < 0.8 ? name : ` ${name.toUpperCase()} `)).join(delimiter)];
  for (let i = 0; i < rows; i++) {
    const texts = row();
    const cells = names.map((name) => texts.get(name) ?? 'x');
    // A torn quote takes lines with it, so few are enough.
    if (random() < style.broken / 10) cells.splice(Math.floor(random() * cells.length), 1);
    if (random() < style.broken / 10) cells.push('');
    const line = cells.map((cell) => (isQuoted(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter);
    lines.push(random() < style.broken / 50 ? line.replace('"', '') : line);
  }
  return `${lines.join('\n')}\n`;
}

/** JSON lines with rows of the plan: as JavaScript and as Python write them, with numbers or texts, and broken ones. */
export function jsonLinesOf(plan: DatasetPlan, rows: number, seed: number, style: SourceStyle): string {
  const random = randomFrom(seed);
  const row = sourceTexts(plan, random, style);
  const kinds = new Map(sourceColumns(plan).map(({ name, type }) => [name, type.kind]));
  const isTidy = style.broken === 0;
  const separator = random() < 0.5 ? ['":', ',"'] : ['": ', ', "'];
  const lines: string[] = [];
  for (let i = 0; i < rows; i++) {
    const members: string[] = [];
    for (const [name, text] of row()) {
      if (text === '' && random() < 0.5) continue;
      members.push(`${name}${separator[0]}${jsonValue(text, kinds.get(name) ?? 'string', random, isTidy)}`);
    }
    if (!isTidy && random() < 0.1)
      members.push(
        `${pick(random, ['__proto__', 'other', ...kinds.keys()])}${separator[0]}${pick(random, ['1', '{"a":1}', '"x"', 'NaN', '[1,]', '1e400'])}`,
      );
    if (!isTidy) members.sort(() => random() - 0.5);
    const line = `{"${members.join(separator[1])}}`;
    // The first line tells what kind of file it is.
    lines.push(
      i > 0 && random() < style.broken / 10
        ? pick(random, [
            line.slice(0, -1),
            `${line} `,
            line.replace('}', ',}'),
            `${line}x`,
            `[${line}]`,
            'null',
            '5',
            ' {}',
            line.replace('"', "'"),
          ])
        : line,
    );
  }
  return `${lines.join('\n')}\n`;
}

function jsonValue(text: string, kind: string, random: () => number, isTidy: boolean): string {
  if (text === '') return random() < 0.5 ? 'null' : '""';
  if ((kind === 'array' || kind === 'struct') && random() < 0.95) return text;
  const isNumber = kind === 'int32' || kind === 'int64' || kind === 'double' || kind === 'decimal';
  const isBare = isNumber ? random() < 0.7 : !isTidy && random() < 0.05;
  if (isBare && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text;
  if (kind === 'boolean' && random() < 0.7)
    return text === '1' ? 'true' : text === '0' ? 'false' : JSON.stringify(text);
  if (!isTidy && random() < 0.02)
    return pick(random, [
      '"\\ud800"',
      '"\\u0000"',
      '"\\u0041"',
      '12345678901234567890',
      '0.1000000000000000055',
      '1.5e2',
      'NaN',
      '-0',
      '[]',
      '{}',
      'true',
    ]);
  return JSON.stringify(text).replace(/\u007f|\u2028/g, (character) => (random() < 0.5 ? character : '\\u2028'));
}
