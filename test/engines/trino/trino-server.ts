import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { askTrino } from '../../../local/engines/ask-trino.ts';
import { installedTrino } from './installed-trino.ts';

export interface TrinoServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Athena's name for the catalog of Glue, so that views which name it are found. */
export const CATALOG = 'awsdatacatalog';

const START_SECONDS = 240;

/**
 * Starts one server on this machine whose `local:///` is `data`, with a metastore of files in `data/metastore`.
 * It ends with `stop`, and also when this process ends in any way.
 */
export async function startTrino(folder: string, data: string): Promise<TrinoServer> {
  const { server, java } = installedTrino();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const etc = join(folder, 'etc');
  const log = join(folder, 'trino.log');
  mkdirSync(join(etc, 'catalog'), { recursive: true });
  mkdirSync(join(data, 'metastore'), { recursive: true });
  for (const [name, settings] of Object.entries(configuration(etc, data, port)))
    writeFileSync(join(etc, name), settings.map((line) => `${line}\n`).join(''));
  const output = openSync(log, 'w');
  const child = spawn('sh', ['-c', UNTIL_INPUT_ENDS, 'sh', java, ...javaOptions(server, folder, etc)], {
    cwd: server,
    stdio: ['pipe', output, output],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin?.end();
    await ended;
  };
  try {
    await ready(url, child, log);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs a command and kills it when standard input ends, which it does when the parent dies, however it dies. */
const UNTIL_INPUT_ENDS = 'exec 3<&0; "$@" & pid=$!; (cat <&3 >/dev/null; kill -9 $pid) 2>/dev/null & wait $pid';

function javaOptions(server: string, folder: string, etc: string): string[] {
  return [
    ...['-Xmx1200M', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'],
    ...['-Djdk.attach.allowAttachSelf=true', '-Djdk.nio.maxCachedBufferSize=2000000', '-Dfile.encoding=UTF-8'],
    ...['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow'],
    ...['-Dnode.environment=test', '-Dnode.id=ffffffff-ffff-ffff-ffff-ffffffffffff'],
    `-Dnode.data-dir=${join(folder, 'node')}`,
    `-Dlog.levels-file=${join(etc, 'log.properties')}`,
    `-Dconfig=${join(etc, 'config.properties')}`,
    ...['-cp', join(server, 'lib', '*'), 'io.trino.server.TrinoServer'],
  ];
}

function configuration(etc: string, data: string, port: number): Readonly<Record<string, readonly string[]>> {
  return {
    'log.properties': ['io.trino=WARN'],
    'config.properties': [
      ...['coordinator=true', 'node-scheduler.include-coordinator=true', 'web-ui.enabled=false'],
      `http-server.http.port=${port}`,
      ...['node.bind-ip=127.0.0.1', 'node.internal-address=127.0.0.1', `discovery.uri=http://127.0.0.1:${port}`],
      ...['query.max-memory=600MB', 'query.max-memory-per-node=600MB', 'memory.heap-headroom-per-node=300MB'],
      ...['task.concurrency=2', 'task.max-worker-threads=4'],
      ...['catalog.management=static', `catalog.config-dir=${join(etc, 'catalog')}`],
    ],
    [`catalog/${CATALOG}.properties`]: [
      ...['connector.name=hive', 'hive.metastore=file', 'hive.metastore.catalog.dir=local:///metastore'],
      ...['fs.native-local.enabled=true', `local.location=${data}`],
      ...['hive.non-managed-table-writes-enabled=true', 'hive.storage-format=PARQUET'],
      // As Athena does: days that Glue does not list, folders in folders, and days without any file.
      'hive.partition-projection-enabled=true',
      'hive.recursive-directories=true',
      'hive.ignore-absent-partitions=true',
    ],
  };
}

/** `select 1` passes before any node is known; a query that needs splits tells. */
async function ready(url: string, child: ChildProcess, log: string): Promise<void> {
  const session = { url, catalog: CATALOG, schema: 'information_schema' };
  const until = performance.now() + START_SECONDS * 1000;
  for (;;) {
    const problem = await askTrino(session, 'select count(*) from tables').then(
      () => undefined,
      (error: Error) => error,
    );
    if (problem === undefined) return;
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (hasEnded || performance.now() > until) {
      const last = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
      const what = hasEnded ? 'ended' : `did not answer within ${START_SECONDS} seconds`;
      throw new Error(`trino ${what} (${problem.message}); its log ends with:\n${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
