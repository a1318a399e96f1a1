/** The Lambda that removes an endpoint that nobody calls. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { env } from '../shared/env.ts';
import { removeIdleEndpoint } from './remove-idle-endpoint.ts';

const ports = {
  sageMaker: new SageMakerClient(),
  cloudWatch: new CloudWatchClient(),
  endpointName: env('ENDPOINT_NAME'),
  idleHours: Number(env('IDLE_HOURS')),
  now: () => new Date(),
};

export async function handler(): Promise<void> {
  console.log(JSON.stringify({ endpoint: ports.endpointName, guarded: await removeIdleEndpoint(ports) }));
}
