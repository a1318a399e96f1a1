import { once } from 'node:events';
import { dashboardsOf } from '../../datasets/dashboards.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { openPageServer } from '../serve/page-server.ts';

export interface ServeOptions {
  readonly dataset: string;
  readonly lake: string;
  /** Without it, 4680, or a free one where that is taken. */
  readonly port?: number;
}

const DEFAULT_PORT = 4680;

/** Serves the dashboards to this machine until it is told to stop. */
export async function serve({ dataset, lake, port }: ServeOptions): Promise<ExitStatus> {
  const options = {
    lake,
    set: dashboardsOf(dataset),
    now: () => new Date(),
    onError: (error: Error) => console.error(`laketwin: ${error.message}`),
  };
  const server = await openPageServer({ ...options, port: port ?? DEFAULT_PORT }).catch((error: Error) => {
    if (port !== undefined) throw error;
    return openPageServer({ ...options, port: 0 });
  });
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.warm();
  console.log(`\nThe dashboards are at ${server.address} (Ctrl-C ends)`);
  await ended;
  await server.close();
  return EXIT.done;
}
