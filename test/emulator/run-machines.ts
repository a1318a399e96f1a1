/** The batch machines run; on a lake without rows there is nothing to do for them. */
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type DeployedLake, ofType } from './lake.ts';
import type { Proved } from './report.ts';
import { until } from './until.ts';

/** In the place of a machine that does the lake's daily work, and not of one that trains or scores. */
const BATCH = /curat|batch/i;

export async function runMachines(lake: DeployedLake): Promise<Proved> {
  const machines = ofType(lake, 'AWS::StepFunctions::StateMachine').filter(({ place }) => BATCH.test(place));
  for (const { place, physicalId } of machines) await run(lake, place, physicalId);
  return {
    proved: 'each batch machine asks its planner and ends well where there is nothing to do',
    figures: { machines: machines.length },
  };
}

async function run({ clients: { sfn } }: DeployedLake, place: string, stateMachineArn: string): Promise<void> {
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{}' }));
  await until(`an execution of ${place}`, 60, async () => {
    const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'RUNNING') return false;
    if (status !== 'SUCCEEDED') throw new Error(`${place} ended as ${status}: ${error} ${cause}`);
    return true;
  });
}
