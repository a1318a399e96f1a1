import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { readAssembly } from '../../proof/assembly.ts';
import { placeOfFinding } from '../../proof/check/acknowledgements.ts';
import { runGate } from '../../proof/check/gate.ts';
import { cdkNag } from '../../proof/check/scanners/cdk-nag.ts';
import { cdkValidation } from '../../proof/check/scanners/cdk-validation.ts';
import { cfnLint } from '../../proof/check/scanners/cfn-lint.ts';
import { checkov } from '../../proof/check/scanners/checkov.ts';
import { controlTower, guard } from '../../proof/check/scanners/control-tower.ts';
import { withImports } from '../../proof/check/scanners/imports.ts';
import { runTool } from '../../proof/check/scanners/run-tool.ts';

const directory = mkdtempSync(join(tmpdir(), 'laketwin-small-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Two stacks with a defect for each scanner, as somebody else's `cdk synth` would write them. */
function smallAssembly() {
  const app = new App({
    analyticsReporting: false,
    outdir: directory,
    context: { '@aws-cdk/core:failSynthOnValidationErrors': false },
  });
  const files = new Stack(app, 'Files');
  const bucket = new CfnResource(files, 'Open', {
    type: 'AWS::S3::Bucket',
    properties: { VersioningConfiguration: { Status: 'On' } },
  });
  const readers = new Stack(app, 'Readers');
  new CfnResource(readers, 'Reader', {
    type: 'AWS::IAM::Policy',
    properties: {
      PolicyName: 'reader',
      Roles: ['reader'],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: [`${bucket.getAtt('Arn')}/*`] }],
      },
    },
  });
  new CfnResource(readers, 'Waiting', { type: 'AWS::SQS::Queue' });
  app.synth();
  return readAssembly(directory);
}

const small = smallAssembly();

describe('a known defect is refused by name and place', () => {
  test.each([
    ['cfn-lint:E3030', 'Files/Open', cfnLint],
    ['cdk:W3030', 'Files/Open', cdkValidation],
    ['checkov:CKV_AWS_18', 'Files/Open', checkov],
    ['control-tower:CT.S3.PR.2', 'Files/Open', controlTower],
    ['cdk-nag:AwsSolutions-S1', 'Files/Open', cdkNag],
    ['cdk-nag:NIST.800.53.R5-S3BucketReplicationEnabled', 'Files/Open', cdkNag],
    ['cdk-nag:AwsSolutions-IAM5[Action::s3:*]', 'Readers/Reader', cdkNag],
    ['cdk-nag:Serverless-SQSRedrivePolicy', 'Readers/Waiting', cdkNag],
    // The bucket is known in the other stack's policy, by the name that it may bear there.
    ['cdk-nag:AwsSolutions-IAM5[Resource::arn:aws:s3:::files-open/*]', 'Readers/Reader', cdkNag],
  ])('fails by %s at %s', { timeout: 120_000 }, async (rule, place, check) => {
    const found = (await check.run(small)).map((it) => `${it.rule} at ${placeOfFinding(small, it)}`);
    expect(found).toContain(`${rule} at ${place}`);
  });
});

test('fails with the name of a template that cannot be read back', async () => {
  const [first] = small;
  if (first === undefined) throw new Error('the small assembly is empty');
  const Resources = { Lost: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Nothing' } } } };
  const found = await cdkNag.run([{ ...first, template: { Resources } }]);
  expect(found.map(({ rule, stack }) => `${rule} in ${stack}`)).toEqual(['cdk-nag:unreadable-template in Files']);
});

test('a warning that a construct leaves is a finding', async () => {
  const outdir = join(directory, 'warned');
  const app = new App({ analyticsReporting: false, outdir });
  const stack = new Stack(app, 'Warned');
  stack.node.addMetadata('aws:cdk:warning', 'this will not do');
  app.synth();
  const found = await cdkValidation.run(readAssembly(outdir));
  expect(found).toContainEqual({ rule: 'cdk:warning', stack: 'Warned', message: 'Warned: this will not do' });
});

describe('a check that did not run', () => {
  const missing = { name: 'missing', run: () => runTool('laketwin-no-such-program', [], [0]).then(() => []) };

  test('fails the gate by name', async () => {
    const report = await runGate(small, [missing]);
    expect(report.ok).toBe(false);
    expect(report.checks[0]).toMatchObject({
      check: 'missing',
      failure: expect.stringContaining('could not be started'),
    });
  });

  test('fails where its program ends otherwise than it should', async () => {
    const fallen = runTool(process.execPath, ['-e', 'console.error("out of luck"); process.exit(3)'], [0, 1]);
    await expect(fallen).rejects.toThrow('ended with 3, expected one of 0, 1: out of luck');
  });

  test('fails on a system for which there is no cfn-guard, and says which there are', () => {
    expect(() => guard('win32', 'x64')).toThrow(
      'cfn-guard does not come for win32 on x64: run this on Linux or macOS, or in WSL',
    );
  });
});

test('what a stack takes from another reads as it may be when deployed', () => {
  const readers = withImports(small).find(({ name }) => name === 'Readers');
  expect(JSON.stringify(readers?.template)).toContain('arn:aws:s3:::files-open');
  expect(JSON.stringify(readers?.template)).not.toContain('Fn::ImportValue');
});
