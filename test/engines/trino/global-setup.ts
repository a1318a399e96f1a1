import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { deployedTables } from './deployed-tables.ts';
import type { TrinoHome } from './trino-lake.ts';
import { startTrino } from './trino-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    trino: TrinoHome;
  }
}

/** One server for all test files of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'laketwin-trino-'));
  const data = join(folder, 'data');
  const server = await startTrino(folder, data).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const teardown = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    project.provide('trino', { url: server.url, data, tables: await deployedTables() });
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}
