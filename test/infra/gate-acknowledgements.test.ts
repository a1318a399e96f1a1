import { describe, expect, test } from 'vitest';
import { ACKNOWLEDGED } from '../../lib/constructs/acknowledge.ts';
import type { AssemblyStack } from '../../proof/assembly.ts';
import { judge, MOST_ACKNOWLEDGEMENTS } from '../../proof/check/acknowledgements.ts';
import { runGate } from '../../proof/check/gate.ts';
import type { Finding } from '../../proof/finding.ts';

const REASON = 'Nobody but its own stack ever reads this bucket.';

/** A stack with one bucket, which acknowledges what it is told to. */
function stackWith(notes: unknown, environment = 'Dev'): AssemblyStack {
  return {
    name: `${environment}/Storage`,
    environment: environment.toLowerCase(),
    stackName: `${environment}-Storage`,
    templateFile: 'none',
    dependencies: [],
    terminationProtection: false,
    template: {
      Resources: {
        Bucket: {
          Type: 'AWS::S3::Bucket',
          Metadata: { 'aws:cdk:path': `${environment}/Storage/Bucket/Resource`, [ACKNOWLEDGED]: notes },
        },
        Other: { Type: 'AWS::S3::Bucket' },
      },
    },
  };
}

function finding(rule: string, resource = 'Bucket', stack = 'Dev/Storage'): Finding {
  return { rule, stack, resource, message: 'versions are off, expected them on' };
}

const NOTED = [{ rule: 'checkov:CKV_AWS_21', reason: REASON }];

function openRules(notes: unknown, findings: readonly Finding[]): string[] {
  return judge([stackWith(notes)], findings).open.map(({ rule }) => rule);
}

describe('an acknowledgement', () => {
  test('covers a finding of its own rule at its own resource', () => {
    expect(judge([stackWith(NOTED)], [finding('checkov:CKV_AWS_21')])).toMatchObject({
      open: [],
      acknowledgements: [{ reason: REASON, rules: ['checkov:CKV_AWS_21'], findings: 1 }],
    });
  });

  test('fails at another resource, and as it matches nothing', () => {
    expect(openRules(NOTED, [finding('checkov:CKV_AWS_21', 'Other')])).toEqual([
      'checkov:CKV_AWS_21',
      'gate:unmatched-acknowledgement',
    ]);
  });

  test('fails for a rule that it only begins like', () => {
    expect(openRules(NOTED, [finding('checkov:CKV_AWS_210')])).toContain('checkov:CKV_AWS_210');
  });

  test('fails where it is matched in one environment and not in another', () => {
    const stacks = [stackWith(NOTED), stackWith(NOTED, 'Prod')];
    const { open } = judge(stacks, [finding('checkov:CKV_AWS_21')]);
    expect(open.map(({ rule, stack }) => [rule, stack])).toEqual([['gate:unmatched-acknowledgement', 'Prod/Storage']]);
  });

  test.each([
    ['without a reason', [{ rule: 'checkov:CKV_AWS_21' }]],
    ['with a word for a reason', [{ rule: 'checkov:CKV_AWS_21', reason: 'wontfix' }]],
    ['with half a sentence', [{ rule: 'checkov:CKV_AWS_21', reason: 'not needed because we never look at it' }]],
    ['of no known form', 'checkov:CKV_AWS_21'],
  ])('fails %s', (_, notes) => {
    expect(openRules(notes, [finding('checkov:CKV_AWS_21')])).toContain('gate:unreasoned-acknowledgement');
  });

  test('of a prefix covers each prefix, and fails for the whole bucket', () => {
    const notes = [{ rule: 'cdk-nag:IAM5[Resource::arn:aws:s3:::{name}/{path}/*]', reason: REASON }];
    const of = (resource: string) => finding(`cdk-nag:IAM5[Resource::arn:aws:s3:::${resource}]`);
    expect(openRules(notes, [of('raw/bookings/*'), of('raw/ledger/bookings/*')])).toEqual([]);
    expect(openRules(notes, [of('raw/bookings/*'), of('raw/*')])).toEqual([
      'cdk-nag:IAM5[Resource::arn:aws:s3:::raw/*]',
    ]);
  });
});

test('fails with more decisions than a person can have thought about', () => {
  const notes = Array.from({ length: MOST_ACKNOWLEDGEMENTS + 1 }, (_, index) => ({
    rule: `checkov:${index}`,
    reason: `Nobody but its own stack reads bucket number ${index}.`,
  }));
  const found = notes.map(({ rule }) => finding(rule));
  expect(openRules(notes, found)).toEqual(['gate:too-many-acknowledgements']);
});

test('the same finding in two environments is one line that names both', async () => {
  const stacks = [stackWith([]), stackWith([], 'Prod')];
  const run = () => stacks.map(({ name }) => finding('laketwin:versions', 'Bucket', name));
  const { ok, findings } = await runGate(stacks, [{ name: 'laketwin', run }]);
  expect(ok).toBe(false);
  expect(findings).toEqual([
    {
      rule: 'laketwin:versions',
      place: 'Storage/Bucket/Resource',
      environments: ['dev', 'prod'],
      message: 'versions are off, expected them on',
    },
  ]);
});
