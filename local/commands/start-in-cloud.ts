import { EXIT, type ExitStatus } from '../exit-status.ts';
import type { ExecutionInput } from '../start-execution.ts';

/** Has a deployed environment do the work, and says where it can be followed. */
export async function startInCloud(
  given: Omit<ExecutionInput, 'now'> & { readonly json?: boolean | undefined },
): Promise<ExitStatus> {
  const { json, ...input } = given;
  // The client of AWS is loaded by who asks for it alone.
  const { startExecution } = await import('../start-execution.ts');
  const started = await startExecution({ ...input, now: new Date() });
  console.error(`started ${started.run}: it goes on in AWS, and an alert tells where it fails`);
  console.error(`its record, once it has ended: select * from runs where run = '${started.run}'`);
  if (json) console.log(JSON.stringify(started, null, 2));
  return EXIT.done;
}
