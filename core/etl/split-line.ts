/** The cells of one record of a csv by RFC 4180, or `row:quote` where its quotes do not add up. */
export function splitLine(line: string, delimiter: string): string[] | 'row:quote' {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  for (let at = 0; ; ) {
    if (line[at] !== '"') {
      const end = line.indexOf(delimiter, at);
      if (end === -1) {
        cells.push(line.slice(at));
        return cells;
      }
      cells.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    const close = closingQuote(line, at + 1);
    if (close === -1) return 'row:quote';
    cells.push(line.slice(at + 1, close).replaceAll('""', '"'));
    if (close + 1 === line.length) return cells;
    if (line[close + 1] !== delimiter) return 'row:quote';
    at = close + 2;
  }
}

/** Where the quote stands that ends a quoted cell; two quotes within it stand for one. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at;
  }
  return -1;
}
