import {
  ListExecutionsCommand,
  paginateListStateMachines,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Asked } from '../core/lake/reprocessing.ts';

export interface ExecutionInput {
  readonly environment: string;
  readonly dataset: string;
  readonly asked: Asked;
  /** Names of checks of a publication that may be broken this once. */
  readonly despite?: readonly string[] | undefined;
  readonly now: Date;
}

/** An execution that AWS has begun. */
export interface StartedExecution {
  /** What `runs` and `check_results` call it. */
  readonly run: string;
  readonly executionArn: string;
}

/**
 * Has the deployed machine of a dataset do a backfill or a replay, with the credentials and in the region that the
 * environment's variables or profile give. It goes on without us.
 *
 * Throws where the environment has no such machine, or where another run is at work.
 *
 * @param client default: one as above.
 */
export async function startExecution(input: ExecutionInput, client = new SFNClient()): Promise<StartedExecution> {
  const { environment, dataset, asked, despite, now } = input;
  const stateMachineArn = await machineNamed(client, `laketwin-${environment}-${dataset}`);
  const { executions } = await client.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }),
  );
  const [other] = executions ?? [];
  if (other !== undefined)
    throw new Error(`the run ${other.name} of ${dataset} is at work: start this one again when that one has ended`);
  const run = `${'backfill' in asked ? 'backfill' : 'replay'}-${now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}Z`;
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({
      stateMachineArn,
      name: run,
      input: JSON.stringify({ ...asked, ...(despite && { despite }) }),
    }),
  );
  return { run, executionArn };
}

async function machineNamed(client: SFNClient, name: string): Promise<string> {
  for await (const { stateMachines } of paginateListStateMachines({ client }, {})) {
    const found = stateMachines?.find((machine) => machine.name === name)?.stateMachineArn;
    if (found !== undefined) return found;
  }
  throw new Error(`there is no machine ${name} in ${await client.config.region()}, expected one that was deployed`);
}
