import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { datasets } from '../datasets/index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NAMES = datasets.map(({ name }) => name).sort();

/** What a folder may import: other folders of the repository, and packages. */
const MAY_IMPORT: Readonly<
  Record<string, { readonly folders: readonly string[]; readonly packages: readonly string[] }>
> = {
  core: { folders: [], packages: ['zod', 'hyparquet-writer'] },
  datasets: { folders: ['core'], packages: ['zod'] },
  pages: { folders: ['core'], packages: ['echarts', 'write-excel-file'] },
  lambdas: {
    folders: ['core', 'datasets', 'pages'],
    packages: ['@aws-sdk/*', '@duckdb/node-api', '@zip.js/zip.js', 'saxes', 'tar-stream'],
  },
  local: {
    folders: ['core', 'datasets', 'lambdas', 'pages'],
    packages: [
      '@aws-sdk/*',
      '@duckdb/node-api',
      '@sparticuz/chromium',
      'cli-progress',
      'cli-table3',
      'hyparquet-writer',
      'playwright-core',
      'write-excel-file',
    ],
  },
  // Of the SDK lib takes types alone: the words of QuickSight's definitions.
  lib: { folders: ['core', 'datasets'], packages: ['@aws-sdk/client-quicksight', 'aws-cdk-lib', 'constructs', 'zod'] },
  proof: {
    folders: ['core', 'datasets', 'lib', 'local'],
    packages: ['@aws-cdk/cloudformation-diff', '@aws-sdk/*', 'aws-cdk-lib', 'cdk-nag', 'constructs', 'zod'],
  },
  bin: { folders: ['local', 'lib', 'proof', 'scripts'], packages: ['aws-cdk-lib', 'commander', 'tsx'] },
};

/** Of Node's own modules, core takes those that only compute. */
const PURE_MODULES = ['node:buffer', 'node:crypto', 'node:zlib', 'node:stream'];

interface Import {
  readonly from: string;
  readonly what: string;
}

describe.each(Object.keys(MAY_IMPORT))('%s/', (folder) => {
  const rule = MAY_IMPORT[folder] ?? { folders: [], packages: [] };
  const imports = importsOf(folder);

  test('imports only the folders that the design allows', () => {
    const strangers = imports.filter(({ from, what }) => {
      if (!what.startsWith('.')) return false;
      const [target = ''] = relative(ROOT, resolve(dirname(join(ROOT, from)), what)).split('/');
      return target !== folder && !rule.folders.includes(target);
    });
    expect(strangers).toEqual([]);
  });

  test('imports only the packages that the design allows', () => {
    const strangers = imports.filter(({ what }) => {
      if (what.startsWith('.') || what.startsWith('node:') || builtinModules.includes(what)) return false;
      return !rule.packages.some((name) => what === name || what.startsWith(`${name.replace('/*', '')}/`));
    });
    expect(strangers).toEqual([]);
  });
});

test('core has no files, no clock and no chance', () => {
  const modules = importsOf('core').filter(({ what }) => what.startsWith('node:') && !PURE_MODULES.includes(what));
  expect(modules).toEqual([]);
  const calls = sourcesOf('core').filter((file) =>
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.env\b/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(calls).toEqual([]);
});

test('no folder under datasets/ is missing from the list, and none in the list is missing its folder', () => {
  expect(foldersIn('datasets')).toEqual(NAMES);
});

test('no folder under sql/ bears a name that is no dataset', () => {
  expect(foldersIn('sql').filter((name) => !NAMES.includes(name))).toEqual([]);
});

function foldersIn(folder: string): string[] {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function sourcesOf(folder: string): string[] {
  return walk(folder).filter((file) => /\.(ts|mjs)$/.test(file) && !file.endsWith('.test.ts'));
}

function walk(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const IMPORT = /^(?:import|export) [^'"=]*?from '([^']+)'|^\} from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(folder: string): Import[] {
  return sourcesOf(folder).flatMap((from) =>
    [...readFileSync(join(ROOT, from), 'utf8').matchAll(IMPORT)].map((found) => ({
      from,
      what: found.slice(1).find((name) => name !== undefined) ?? '',
    })),
  );
}
