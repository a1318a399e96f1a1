import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dev, prod } from '../../lib/environments.ts';
import { type AssemblyStack, readAssembly, type TemplateResource } from '../../proof/assembly.ts';
import { assemblyOf } from '../../proof/diff/assembly-of.ts';
import { compareAssemblies } from '../../proof/diff/compare-assemblies.ts';
import { compareCosts } from '../../proof/diff/compare-costs.ts';
import { synthesiseOwn } from '../../proof/own-assembly.ts';

const directory = mkdtempSync(join(tmpdir(), 'laketwin-diff-'));
synthesiseOwn(directory, [dev, prod]);
const stacks = readAssembly(directory);
rmSync(directory, { recursive: true, force: true });

test('nothing is said where nothing would be deployed otherwise', async () => {
  expect(
    await compareAssemblies(
      stacks,
      changed('Storage', (it) => it),
    ),
  ).toEqual([]);
});

test('a bucket that loses its key weakens a rule, and the change of both environments is one line', async () => {
  const without = changed('Storage', (resource, id) =>
    id.startsWith('Raw7') ? omit(resource, 'BucketEncryption') : resource,
  );
  const changes = await compareAssemblies(stacks, without);
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: 'weakens', place: 'Storage/Raw/Resource', environments: ['dev', 'prod'] }),
  );
  expect(changes).toContainEqual({
    kind: 'changes',
    place: 'Storage/Raw/Resource',
    text: 'AWS::S3::Bucket: BucketEncryption',
    environments: ['dev', 'prod'],
  });
});

test('a new right is said in words, the action that is new and no other', async () => {
  const wider = changed('Access', (resource, id) => {
    if (!id.startsWith('MarketingDefaultPolicy')) return resource;
    const text = JSON.stringify(resource);
    return JSON.parse(text.replace('"s3:GetObject"', '["s3:GetObject","s3:DeleteObject"]'));
  });
  const opens = (await compareAssemblies(stacks, wider)).filter(({ kind }) => kind === 'opens');
  expect(opens.length).toBeGreaterThan(0);
  for (const { place, text } of opens) {
    expect(place).toBe('Access/Marketing');
    expect(text).toMatch(/^may s3:DeleteObject on Storage\//);
  }
});

test('a renamed bucket is told of as removed, and as one whose rows stay without a stack', async () => {
  const renamed = stacks.map((stack) =>
    stack.name === 'Prod/Storage'
      ? withResources(
          stack,
          Object.entries(stack.template.Resources).map(([id, it]) => [id.replace(/^Raw7/, 'Fresh7'), it]),
        )
      : stack,
  );
  const changes = await compareAssemblies(stacks, renamed);
  expect(changes).toContainEqual({
    kind: 'removes',
    place: 'Storage/Raw/Resource',
    text: 'AWS::S3::Bucket, which stays in the account without a stack',
    environments: ['prod'],
  });
});

test('a stack that is taken out costs less, and the bill says so', () => {
  const fewer = stacks.filter(({ name }) => !name.endsWith('/Catalog'));
  for (const { beforeUSD, afterUSD } of compareCosts(stacks, fewer, prod.region))
    expect(afterUSD).toBeLessThan(beforeUSD);
  expect(compareCosts(stacks, fewer, prod.region).map(({ environment }) => environment)).toEqual(['dev', 'prod']);
});

test('fails with one sentence for a commit that git does not know', () => {
  expect(() => assemblyOf('no-such-branch')).toThrow(
    "git knows no commit 'no-such-branch', expected a branch, a tag or a commit that is here",
  );
});

function changed(part: string, change: (resource: TemplateResource, id: string) => TemplateResource): AssemblyStack[] {
  return stacks.map((stack) =>
    stack.name.endsWith(`/${part}`)
      ? withResources(
          stack,
          Object.entries(stack.template.Resources).map(([id, resource]) => [id, change(resource, id)]),
        )
      : stack,
  );
}

function withResources(stack: AssemblyStack, resources: [string, TemplateResource][]): AssemblyStack {
  return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(resources) } };
}

function omit(resource: TemplateResource, property: string): TemplateResource {
  const { [property]: _, ...Properties } = resource.Properties ?? {};
  return { ...resource, Properties };
}
