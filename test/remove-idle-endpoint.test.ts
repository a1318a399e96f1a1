import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  ListEndpointsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeIdleEndpoint } from '../lambdas/remove-idle-endpoint/remove-idle-endpoint.ts';
import { type Moto, startMoto } from './moto.ts';

const HOUR_MS = 60 * 60 * 1000;
let moto: Moto;
let sageMaker: SageMakerClient;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  moto = await startMoto();
  sageMaker = new SageMakerClient(moto.settings);
  cloudWatch = new CloudWatchClient(moto.settings);
  const role = 'arn:aws:iam::123456789012:role/training';
  await sageMaker.send(new CreateModelCommand({ ModelName: 'model', ExecutionRoleArn: role }));
});
afterAll(() => moto.stop());

test('an endpoint that nobody calls is removed, and there is none after that', async () => {
  await serve('idle');
  expect(await guard('idle', 3)).toBe('removed');
  expect(await guard('idle', 3)).toBe('there is none');
});

test('an endpoint that was made a while ago only stays', async () => {
  await serve('young');
  expect(await guard('young', 1)).toBe('it is too young');
  expect(await names()).toContain('young');
});

test('an endpoint that was called stays', async () => {
  await serve('busy');
  const at = new Date(Date.now() + 2 * HOUR_MS);
  const dimensions = [
    { Name: 'EndpointName', Value: 'busy' },
    { Name: 'VariantName', Value: 'all' },
  ];
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: 'AWS/SageMaker',
      MetricData: [{ MetricName: 'Invocations', Dimensions: dimensions, Timestamp: at, Value: 7 }],
    }),
  );
  expect(await guard('busy', 3)).toBe('it is in use');
  expect(await names()).toContain('busy');
});

function guard(endpointName: string, hoursLater: number) {
  const now = () => new Date(Date.now() + hoursLater * HOUR_MS);
  return removeIdleEndpoint({ sageMaker, cloudWatch, endpointName, idleHours: 2, now });
}

async function serve(name: string): Promise<void> {
  const variant = { VariantName: 'all', ModelName: 'model', InitialInstanceCount: 1, InstanceType: 'ml.m5.large' };
  await sageMaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant] as never }),
  );
  await sageMaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
}

async function names(): Promise<(string | undefined)[]> {
  const { Endpoints = [] } = await sageMaker.send(new ListEndpointsCommand({}));
  return Endpoints.map(({ EndpointName }) => EndpointName);
}
