import Table from 'cli-table3';

export type Cell = string | number | bigint | boolean | null | undefined;

/** A table for the terminal: numbers stand to the right with thousands apart, null is a dash. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = head.map((_, index) =>
    rows.every((row) => typeof row[index] === 'number' || typeof row[index] === 'bigint' || row[index] == null),
  );
  const table = new Table({
    head: [...head],
    colAligns: numeric.map((is) => (is ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row.map(show));
  return table.toString();
}

function show(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'number' || typeof cell === 'bigint')
    return cell.toLocaleString('en', { maximumFractionDigits: 4 });
  return String(cell);
}
