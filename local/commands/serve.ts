import { once } from 'node:events';
import { dashboardsOf } from '../../datasets/dashboards.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { openPageServer } from '../pages/page-server.ts';

export interface ServeOptions {
  readonly dataset: string;
  readonly lake: string;
  readonly port: number;
}

/** Serves the dashboards to this machine until it is told to stop. */
export async function serve({ dataset, lake, port }: ServeOptions): Promise<ExitStatus> {
  const server = await openPageServer({
    lake,
    port,
    set: dashboardsOf(dataset),
    now: () => new Date(),
    onError: (error) => console.error(`laketwin: ${error.message}`),
  });
  console.log(`the dashboards are at ${server.address} (Ctrl-C ends)`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
  return EXIT.done;
}
