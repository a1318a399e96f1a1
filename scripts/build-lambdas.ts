/**
 * Bundles every `lambdas/<verb>/handler.ts` into `dist/lambdas/<verb>/index.mjs`, as it is deployed: ES modules for
 * Node 24, minified, the source map beside; what a handler imports only at need is a file of its own. With a name and a
 * folder, that one alone into `<folder>/index.mjs`.
 * The AWS SDK is in Lambda's runtime, DuckDB comes as a layer.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { planOf } from '../core/contract/define-dataset.ts';
import { alertSets } from '../datasets/alerts.ts';
import { dashboardSets } from '../datasets/dashboards.ts';
import { datasets } from '../datasets/index.ts';
import { sqlFiles } from '../lib/sql-files.ts';
import { STYLE_SHEETS, styleSheet } from '../pages/style-sheets.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Bundle {
  readonly name: string;
  readonly path: string;
  /** Of what is loaded at the start. */
  readonly sizeBytes: number;
  /** Paths, relative to the repository, of all that is loaded at the start. */
  readonly inputs: readonly string[];
  /** The same of what is loaded only at need. */
  readonly atNeed: readonly string[];
}

/** Bundles all Lambdas, or the named ones. */
export async function buildLambdas(
  outFolder = join(ROOT, 'dist/lambdas'),
  names?: readonly string[],
): Promise<Bundle[]> {
  const bundles: Bundle[] = [];
  for (const name of names ?? (await lambdaNames()))
    bundles.push(await bundle(name, join(outFolder, name, 'index.mjs')));
  return bundles;
}

async function lambdaNames(): Promise<string[]> {
  const names = await readdir(join(ROOT, 'lambdas'));
  return names.filter((name) => existsSync(join(ROOT, 'lambdas', name, 'handler.ts'))).sort();
}

const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

async function bundle(name: string, outfile: string): Promise<Bundle> {
  const options = {
    absWorkingDir: ROOT,
    entryPoints: [join('lambdas', name, 'handler.ts')],
    bundle: true,
    write: false,
    splitting: true,
    outdir: dirname(outfile),
    entryNames: basename(outfile, '.mjs'),
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    sourcemap: 'linked',
    legalComments: 'none',
    metafile: true,
    external: ['@aws-sdk/*', '@duckdb/*'],
    plugins: [plainPlans(), alertTexts(), viewTexts(), styleSheets()],
  } as const satisfies BuildOptions;
  let result = await build(options);
  // A package in the older form of modules asks for Node's own by `require`, which an ES module has not.
  if (Object.values(result.metafile.inputs).some(({ format }) => format === 'cjs')) {
    result = await build({ ...options, banner: { js: REQUIRE } });
  }
  await mkdir(dirname(outfile), { recursive: true });
  for (const file of result.outputFiles) await writeFile(file.path, file.contents);
  const { outputs } = result.metafile;
  const started = new Set(loadedAtStart(outputs, relative(ROOT, outfile)));
  const inputsOf = (isStarted: boolean) =>
    Object.entries(outputs).flatMap(([path, { inputs }]) =>
      started.has(path) === isStarted ? Object.keys(inputs) : [],
    );
  const sizeBytes = [...started].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
  return { name, path: outfile, sizeBytes, inputs: inputsOf(true), atNeed: inputsOf(false) };
}

/** A file and those that it imports before it runs, and so on. */
function loadedAtStart(outputs: Metafile['outputs'], path: string): string[] {
  const output = outputs[path];
  if (output === undefined) throw new Error(`esbuild gave no ${path}`);
  const imported = output.imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true);
  return [path, ...imported.flatMap((it) => loadedAtStart(outputs, it.path))];
}

/**
 * Puts the plans of the datasets, as they are now, in the place of the contracts: a Lambda needs what zod says about
 * the columns, and not zod.
 */
function plainPlans(): Plugin {
  return {
    name: 'plain-plans',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]datasets[\\/]index\.ts$/ }, () => ({ loader: 'ts', contents: plansModule() }));
    },
  };
}

/** Puts the SQL of alert rules, as it is now, in the place of the function that reads it from files. */
function alertTexts(): Plugin {
  return {
    name: 'alert-texts',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]evaluate-alerts[\\/]alert-sql\.ts$/ }, () => {
        const texts = Object.fromEntries(
          alertSets.map(({ dataset }) => [
            dataset,
            Object.fromEntries(sqlFiles(dataset, 'alerts').map(({ name, sql }) => [name, sql])),
          ]),
        );
        const contents = `const texts = ${JSON.stringify(texts)};
          export const alertSql = (dataset: string, query: string): string => texts[dataset][query];`;
        return { loader: 'ts', contents };
      });
    },
  };
}

/** The same for the views that reports read. */
function viewTexts(): Plugin {
  return {
    name: 'view-texts',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]report[\\/]view-texts\.ts$/ }, () => {
        const texts = Object.fromEntries(dashboardSets.map(({ dataset }) => [dataset, sqlFiles(dataset, 'views')]));
        const contents = `const texts = ${JSON.stringify(texts)};
          export const viewTexts = (dataset: string) => texts[dataset];`;
        return { loader: 'ts', contents };
      });
    },
  };
}

/** Puts the style of reports in the place of the function that reads it from files. */
function styleSheets(): Plugin {
  return {
    name: 'style-sheets',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]pages[\\/]style-sheets\.ts$/ }, async () => {
        const texts = Object.fromEntries(
          await Promise.all(STYLE_SHEETS.map(async (name) => [name, await styleSheet(name)] as const)),
        );
        const contents = `const texts = ${JSON.stringify(texts)};
          export const styleSheet = async (name: string): Promise<string> => texts[name];`;
        return { loader: 'ts', contents };
      });
    },
  };
}

function plansModule(): string {
  return `
    export const datasets = ${JSON.stringify(datasets.map(planOf))};
    export function datasetNamed(name: string) {
      const found = datasets.find((dataset) => dataset.name === name);
      if (found) return found;
      throw new Error(\`unknown dataset '\${name}', expected one of \${datasets.map((it) => it.name).join(', ')}\`);
    }`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name, folder] = process.argv.slice(2);
  if (name !== undefined && folder !== undefined) await bundle(name, join(folder, 'index.mjs'));
  else {
    for (const { name, path, sizeBytes } of await buildLambdas()) {
      console.log(`${name}: ${(sizeBytes / 1024).toFixed(1)} KB in ${relative(ROOT, path)}`);
    }
  }
}
