import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ofType, type Resource, type StackTemplate, synthesise } from './templates.ts';

const stacks = synthesise();

/** Resources that hold what cannot be made again. */
const STATEFUL = [
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::SQS::Queue',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::Athena::WorkGroup',
];

describe('the template is as committed', () => {
  test.each(stacks.map((stack) => [stack.name, stack] as const))('%s', async (name, stack) => {
    await expect(masked(stack)).toMatchFileSnapshot(`snapshots/${name.replace('/', '-')}.snap`);
  });
});

test('the logical ids of stateful resources never change', () => {
  const committed = JSON.parse(readFileSync(new URL('stateful-ids.json', import.meta.url), 'utf8'));
  const found = STATEFUL.flatMap((type) => ofType(stacks, type));
  for (const { name } of stacks) {
    const ids = found.filter(({ stack }) => stack === name).map(({ id }) => id);
    expect(ids.sort(), name).toEqual(committed[name.split('/')[1] ?? '']);
  }
});

test('a snapshot names no asset by its hash', () => {
  expect(stacks.map(masked).join('')).not.toMatch(/\b[0-9a-f]{64}\b/);
});

/** Without hashes of assets, and without saved queries: those are the files of `sql/`, and tested as such. */
function masked({ resources }: StackTemplate): string {
  const kept = Object.entries(resources).filter(
    ([, { Type }]: [string, Resource]) => Type !== 'AWS::Athena::NamedQuery',
  );
  return `${JSON.stringify(Object.fromEntries(kept), null, 1).replace(/\b[0-9a-f]{64}\b/g, 'HASH')}\n`;
}
