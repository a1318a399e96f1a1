import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Everything that takes rows in or works on them. */
const FOLDERS = ['core', 'datasets', 'lambdas', 'local', 'glue-scripts'];
const SOURCES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|py)$/.test(name) && !/\.test\.ts$|[\\/]tests[\\/]/.test(name))
    .map((name) => join(folder, name)),
);

const TYPESCRIPT = /(?:from |import\(|import )'([^'.][^']*)'/g;
const PYTHON = /^(?:import|from) (\w+)/gm;

/** Packages and modules that are imported, by the file that does. */
const IMPORTS = SOURCES.flatMap((file) =>
  [...text(file).matchAll(file.endsWith('.py') ? PYTHON : TYPESCRIPT)].map((found) => ({
    file,
    what: found[1] ?? '',
  })),
);

test('the search sees what is there', () => {
  expect(SOURCES.length).toBeGreaterThan(150);
  expect(IMPORTS.map(({ what }) => what)).toEqual(expect.arrayContaining(['@duckdb/node-api', 'node:fs/promises']));
});

test('zips and XML are read by the reader of workbooks alone, which is attacked in a test of its own', () => {
  const readers = users(/xlsx|excel|zip|xml|sax|openpyxl/i).filter(({ what }) => !what.startsWith('node:zlib'));
  const others = readers.filter(
    ({ what }) => !what.startsWith('write-excel-file') && !what.includes('zip-core-writer'),
  );
  expect(others.map(({ file }) => file).sort()).toEqual(
    ['open-package.ts', 'read-xml.ts'].map((name) => `lambdas/convert/workbook/${name}`),
  );
});

test('addresses are fetched by the webhook and by a pull alone, which are attacked in tests of their own', () => {
  const clients = users(
    /^(node:)?(https?|http2|net|tls|dns)(\/promises)?$|undici|axios|got|requests|urllib|playwright|puppeteer/,
  );
  // The pages are served, which calls nobody; what an address is made of is no call.
  const harmless = ['createServer', 'isIP', 'BlockList'];
  const callers = clients.filter(({ file, what }) => taken(file, what).some((name) => !harmless.includes(name)));
  // The third looks for the addresses of both; the browser prints a page of ours, and has no network.
  const known = [
    'lambdas/notify-webhook/send-webhook.ts',
    'local/pull/fetch-page.ts',
    'lambdas/shared/public-host.ts',
    'local/reports/print-pdf.ts',
  ];
  expect(new Set(callers.map(({ file }) => file))).toEqual(new Set(known));
  expect(text('local/reports/print-pdf.ts')).toContain('javaScriptEnabled: false, offline: true');
  // A person names the Trino that answers a query.
  const asking = saying(/\bfetch\(|XMLHttpRequest|WebSocket\(|INSTALL httpfs|LOAD httpfs/);
  expect(asking).toEqual(['local/engines/ask-trino.ts']);
});

/** Values, types aside, that a file takes from a module; `*` where it takes the whole of it. */
function taken(file: string, what: string): string[] {
  const statements = text(file).split(/^(?=import |export )/m);
  return statements.flatMap((statement) => {
    if (!statement.includes(`from '${what}'`) && !statement.includes(`import('${what}')`)) return [];
    if (statement.startsWith('import type ')) return [];
    const names = /^import \{([^}]*)\} from '/.exec(statement)?.[1];
    if (names === undefined) return ['*'];
    return names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '));
  });
}

function users(what: RegExp) {
  return IMPORTS.filter((one) => what.test(one.what));
}

function saying(words: RegExp): string[] {
  return SOURCES.filter((file) => words.test(text(file)));
}

function text(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
