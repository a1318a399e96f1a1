import { readFile } from 'node:fs/promises';

/** The style sheet of pages and what reports add to it; in a bundle they are in it, see scripts/build-lambdas.ts. */
export const STYLE_SHEETS = ['pages.css', 'reports/report.css'] as const;

export function styleSheet(name: (typeof STYLE_SHEETS)[number]): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}
