import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';

export interface GuardPorts {
  readonly sageMaker: SageMakerClient;
  readonly cloudWatch: CloudWatchClient;
  readonly endpointName: string;
  /** Hours without a call after which the endpoint goes. */
  readonly idleHours: number;
  readonly now: () => Date;
}

export type Guarded = 'there is none' | 'it is too young' | 'it is in use' | 'removed';

/**
 * Removes the endpoint where nobody has called it for a while: it costs as much idle as it does at work. The next run of
 * the learning machine makes it anew. Throws what AWS refuses.
 */
export async function removeIdleEndpoint(ports: GuardPorts): Promise<Guarded> {
  const { DeleteEndpointCommand } = await import('@aws-sdk/client-sagemaker');
  const { sageMaker, endpointName: EndpointName, idleHours, now } = ports;
  const changed = await lastChange(ports);
  if (changed === undefined) return 'there is none';
  if (now().getTime() - changed.getTime() < idleHours * HOUR_MS) return 'it is too young';
  if ((await calls(ports)) > 0) return 'it is in use';
  await sageMaker.send(new DeleteEndpointCommand({ EndpointName }));
  return 'removed';
}

const HOUR_MS = 60 * 60 * 1000;

/** When the endpoint was last made or changed; undefined where there is none. */
async function lastChange({ sageMaker, endpointName }: GuardPorts): Promise<Date | undefined> {
  const { ListEndpointsCommand } = await import('@aws-sdk/client-sagemaker');
  const { Endpoints = [] } = await sageMaker.send(new ListEndpointsCommand({ NameContains: endpointName }));
  const found = Endpoints.find(({ EndpointName }) => EndpointName === endpointName);
  return found?.LastModifiedTime ?? found?.CreationTime;
}

async function calls({ cloudWatch, endpointName, idleHours, now }: GuardPorts): Promise<number> {
  const { GetMetricStatisticsCommand } = await import('@aws-sdk/client-cloudwatch');
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SageMaker',
      MetricName: 'Invocations',
      Dimensions: [
        { Name: 'EndpointName', Value: endpointName },
        { Name: 'VariantName', Value: 'all' },
      ],
      StartTime: new Date(now().getTime() - idleHours * HOUR_MS),
      EndTime: now(),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
