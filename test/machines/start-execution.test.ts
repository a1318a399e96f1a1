import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startExecution } from '../../local/start-execution.ts';

/** What Step Functions answers, by operation. */
type Answers = Readonly<Record<string, object>>;

const ARN = 'arn:aws:states:eu-west-3:123456789012:stateMachine:laketwin-dev-bookings';
const MACHINES = {
  stateMachines: [
    { name: 'laketwin-dev-learning', stateMachineArn: 'other' },
    { name: 'laketwin-dev-bookings', stateMachineArn: ARN },
  ],
};
const STARTED = {
  ListStateMachines: MACHINES,
  ListExecutions: { executions: [] },
  StartExecution: { executionArn: 'e' },
};
const INPUT = { environment: 'dev', dataset: 'bookings', now: new Date('2026-04-01T02:03:04.567Z') };
const FEBRUARY = { backfill: { from: '2026-02-01', to: '2026-02-28' } };

let server: Server;
let client: SFNClient;
let answers: Answers;
let asked: Record<string, unknown>;

beforeEach(async () => {
  asked = {};
  server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    asked[operation] = JSON.parse(Buffer.concat(body).toString());
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(answers[operation]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SFNClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-3',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterEach(() => {
  client.destroy();
  server.close();
});

test('a backfill and a replay start the machine of the dataset with what it asks for', async () => {
  answers = STARTED;
  const backfill = await startExecution({ ...INPUT, asked: FEBRUARY, despite: ['volume-like-before'] }, client);
  expect(backfill).toEqual({ run: 'backfill-20260401T020304Z', executionArn: 'e' });
  expect(asked.StartExecution).toEqual({
    stateMachineArn: ARN,
    name: 'backfill-20260401T020304Z',
    input: JSON.stringify({ ...FEBRUARY, despite: ['volume-like-before'] }),
  });
  expect(asked.ListExecutions).toMatchObject({ stateMachineArn: ARN, statusFilter: 'RUNNING' });
  await startExecution({ ...INPUT, asked: { replay: true } }, client);
  expect(asked.StartExecution).toMatchObject({ name: 'replay-20260401T020304Z', input: '{"replay":true}' });
});

test('fails where another run is at work, and starts nothing', async () => {
  answers = { ...STARTED, ListExecutions: { executions: [{ name: 'nightly-1' }] } };
  await expect(startExecution({ ...INPUT, asked: FEBRUARY }, client)).rejects.toThrow(
    'the run nightly-1 of bookings is at work: start this one again when that one has ended',
  );
  expect(asked.StartExecution).toBeUndefined();
});

test('fails where nothing of that environment is deployed', async () => {
  answers = STARTED;
  await expect(startExecution({ ...INPUT, environment: 'prod', asked: FEBRUARY }, client)).rejects.toThrow(
    'there is no machine laketwin-prod-bookings in eu-west-3, expected one that was deployed',
  );
});
