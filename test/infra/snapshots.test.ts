import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACKNOWLEDGED } from '../../lib/constructs/acknowledge.ts';
import { ofType, type Resource, type StackTemplate, synthesise } from './templates.ts';

const stacks = synthesise();

const FILE = new URL('stateful-ids.json', import.meta.url);

/** Resources that hold what cannot be made again. */
const STATEFUL = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SQS::Queue', 'AWS::Athena::WorkGroup'];

describe('the template is as committed', () => {
  test.each(stacks.map((stack) => [stack.name, stack] as const))('%s', async (name, stack) => {
    await expect(masked(stack)).toMatchFileSnapshot(`snapshots/${name.replace('/', '-')}.snap`);
  });
});

test('the logical ids of stateful resources never change', () => {
  const committed: Record<string, string[]> = JSON.parse(readFileSync(FILE, 'utf8'));
  const found: Record<string, string[]> = {};
  for (const { stack, id } of STATEFUL.flatMap((type) => ofType(stacks, type))) {
    const name = stack.split('/')[1] ?? '';
    // An environment may lack a part, such as the streams, but what it has bears the same id in each.
    found[name] = [...new Set([...(found[name] ?? []), id])].sort();
  }
  expect(found).toEqual(committed);
});

test('a snapshot names no asset by its hash', () => {
  expect(stacks.map(masked).join('')).not.toMatch(/\b[0-9a-f]{64}\b/);
});

/** Without hashes of assets, and without saved queries and views: those are the files of `sql/`, and tested as such. */
function masked({ resources }: StackTemplate): string {
  const kept = Object.entries(resources).filter(([, resource]: [string, Resource]) => !isSql(resource));
  const text = JSON.stringify(Object.fromEntries(kept), withoutReasons).replace(/\b[0-9a-f]{64}\b/g, 'HASH');
  return `${JSON.stringify(JSON.parse(text, sorted), null, 1)}\n`;
}

/** What is acknowledged is read where it is written, and held to the findings by the gate. */
function withoutReasons(key: string, value: unknown): unknown {
  return key === ACKNOWLEDGED ? undefined : value;
}

/** The CDK orders the resources of a statement by text, of which a hash is a part. */
function sorted(key: string, value: unknown): unknown {
  if (key !== 'Resource' || !Array.isArray(value)) return value;
  return value
    .map((one) => [JSON.stringify(one), one])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}

function isSql({ Type, Properties }: Resource): boolean {
  return Type === 'AWS::Athena::NamedQuery' || Properties?.TableInput?.TableType === 'VIRTUAL_VIEW';
}
