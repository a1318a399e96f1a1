import { expect, test } from 'vitest';
import { learningMachine } from '../../lib/machines/learning.ts';
import type { AssemblyStack, TemplateResource } from '../../proof/assembly.ts';
import { stackRules } from '../../proof/check/own-rules/guard-rules.ts';
import { ownRules, RULES } from '../../proof/check/own-rules/own-rules.ts';

test('every rule has a name of its own and says in a sentence what holds', () => {
  const rules = [...RULES, ...stackRules];
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(rules.filter(({ meaning }) => !/^[A-Z].*\.$/.test(meaning)).map(({ id }) => id)).toEqual([]);
});

const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };

async function rulesAgainst(Resources: Readonly<Record<string, TemplateResource>>): Promise<string[]> {
  const Key = { Type: 'AWS::KMS::Key' };
  const stack: AssemblyStack = {
    name: 'Dev/Learning',
    environment: 'dev',
    stackName: 'Dev-Learning',
    template: { Resources: { Key, ...Resources } },
    templateFile: '',
    dependencies: [],
    terminationProtection: false,
  };
  const findings = await ownRules.run([stack]);
  return findings.filter(({ resource }) => resource !== 'Key').map(({ rule }) => rule);
}

const model = (properties: Readonly<Record<string, unknown>>) => ({
  Model: { Type: 'AWS::SageMaker::Model', Properties: properties },
});
const endpoint = (properties: Readonly<Record<string, unknown>>) => ({
  Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: properties },
});

test('a model without the network and a disk with a key of the lake are let through', async () => {
  expect(await rulesAgainst(model({ EnableNetworkIsolation: true }))).toEqual([]);
  expect(await rulesAgainst(endpoint({ KmsKeyId: KEY }))).toEqual([]);
});

test('fails on a model with the network and on a disk without a key of the lake', async () => {
  expect(await rulesAgainst(model({}))).toEqual(['laketwin:model-isolated']);
  expect(await rulesAgainst(endpoint({ KmsKeyId: 'alias/aws/ebs' }))).toEqual(['laketwin:model-key']);
});

const FUNCTION = 'arn:aws:lambda:eu-west-3:111122223333:function:one';
const SCRIPT = { address: 's3://code/script.py', file: 'script.py' };

const text = JSON.stringify(
  learningMachine({
    dataset: 'bookings',
    functions: { prepare: FUNCTION, judge: FUNCTION, score: FUNCTION, publish: FUNCTION },
    namePrefix: 'laketwin-dev-learning',
    image: 'an-image',
    instanceType: 'ml.m5.large',
    roleArn: 'arn:aws:iam::111122223333:role/training',
    volumeKeyArn: '{key}',
    outputKeyArn: '{key}',
    scripts: { train: SCRIPT, inference: SCRIPT },
    seed: 1,
    budget: 'full',
    features: 's3://curated/features/',
    trainings: 's3://curated/trainings/',
    packageGroup: 'laketwin-dev-bookings',
    topicArn: 'arn:aws:sns:eu-west-3:111122223333:alerts',
    endpointName: 'laketwin-dev-bookings',
  }),
);

function machine(definition: string) {
  const parts = definition.split('{key}').flatMap((part, index) => (index === 0 ? [part] : [KEY, part]));
  const Properties = { DefinitionString: { 'Fn::Join': ['', parts] } };
  return { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties } };
}

test('the machine that trains keeps its trainings apart and encrypted', async () => {
  expect(await rulesAgainst(machine(text))).not.toContain('laketwin:training-apart');
});

test.each([
  ['a training with the network', '"EnableNetworkIsolation":true', '"EnableNetworkIsolation":false'],
  ['a training that talks in the clear', ',"EnableInterContainerTrafficEncryption":true', ''],
  ['a disk without a key', '"VolumeKmsKeyId":"{key}"', '"VolumeKmsKeyId":"alias/aws/ebs"'],
  ['a model without a key', '"KmsKeyId":"{key}"', '"KmsKeyId":""'],
  ['a training of a week', '"MaxRuntimeInSeconds":3600', '"MaxRuntimeInSeconds":604800'],
  ['a hundred machines', '"InstanceCount":1', '"InstanceCount":100'],
  ['a model that approves itself', 'PendingManualApproval', 'Approved'],
])('fails on %s', async (_, right, wrong) => {
  expect(text).toContain(right);
  expect(await rulesAgainst(machine(text.replace(right, wrong)))).toContain('laketwin:training-apart');
});
