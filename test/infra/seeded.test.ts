import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { access } from '../../proof/access/check.ts';
import { type AssemblyStack, readAssembly } from '../../proof/assembly.ts';
import { stackRules } from '../../proof/check/own-rules/guard-rules.ts';
import { ownRules, RULES } from '../../proof/check/own-rules/own-rules.ts';
import { payloads } from '../../proof/check/payloads/payloads.ts';
import { states } from '../../proof/check/states/states.ts';
import type { Check } from '../../proof/finding.ts';
import { synthesiseOwn } from '../../proof/own-assembly.ts';
import { set } from '../../proof/seeded/changes.ts';
import { type Defect, seed } from '../../proof/seeded/defect.ts';
import { DEFECTS } from '../../proof/seeded/defects.ts';
import { reportsByTheBatch, reportsOneByOne } from '../../proof/seeded/seeded-run.ts';

/** Rules for kinds of resources that no environment has: another test shows that they can fail. */
const UNMET = ['model-isolated', 'model-key', 'training-apart'].map((rule) => `laketwin:${rule}`);

/** The checks of the gate that need no scanner and no matrix. */
const quick: Check = {
  name: 'quick',
  run: async (all) => (await Promise.all([ownRules, states, payloads].map((check) => check.run(all)))).flat(),
};

const directory = mkdtempSync(join(tmpdir(), 'laketwin-assembly-'));
let stacks: readonly AssemblyStack[] = [];

beforeAll(() => {
  synthesiseOwn(directory);
  stacks = readAssembly(directory);
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('there are defects of every kind, each with a name of its own', () => {
  expect(new Set(DEFECTS.map(({ id }) => id)).size).toBe(DEFECTS.length);
  expect(DEFECTS.length).toBeGreaterThanOrEqual(110);
});

test('every defect is reported wherever it can be, and every rule reports one', { timeout: 600_000 }, async () => {
  const seeds = DEFECTS.flatMap((defect) => seed(defect, stacks));
  const outcomes = await reportsOneByOne(seeds, stacks, quick);
  // The access matrix takes a second an assembly, so it is asked about what the others pass over.
  const passed = seeds.filter((_, index) => outcomes[index]?.reportedBy.length === 0);
  const survivors = (await reportsOneByOne(passed, stacks, access)).filter(({ reportedBy }) => reportedBy.length === 0);
  expect(survivors.map(({ defect, place }) => `${defect} at ${place}`)).toEqual([]);
  const met = new Set(outcomes.flatMap(({ reportedBy }) => reportedBy));
  const rules = [...RULES, ...stackRules].map(({ id }) => `laketwin:${id}`);
  expect(rules.filter((rule) => !met.has(rule)).sort()).toEqual(UNMET);
});

const harmless: Defect = {
  id: 'harmless',
  weakens: 'Nothing: a description is not a control.',
  type: 'AWS::KMS::Key',
  change: set('Description', 'Encrypts something else.'),
};

test('a harmless change survives, so that a report means something', async () => {
  const seeds = seed(harmless, stacks);
  const outcomes = [
    ...(await reportsOneByOne(seeds, stacks, quick)),
    ...(await reportsByTheBatch(seeds, stacks, scanner)),
  ];
  expect(outcomes.length).toBeGreaterThan(2);
  expect(outcomes.filter(({ reportedBy }) => reportedBy.length > 0)).toEqual([]);
});

test('a batch tells which of its templates a finding is about', async () => {
  const deletable = DEFECTS.filter(({ id }) => id === 'key-deleted' || id === 'bucket-unversioned');
  const seeds = [harmless, ...deletable].flatMap((defect) => seed(defect, stacks).slice(0, 1));
  const outcomes = await reportsByTheBatch(seeds, stacks, scanner);
  expect(outcomes.map(({ defect, reportedBy }) => [defect, reportedBy])).toEqual([
    ['harmless', []],
    ['bucket-unversioned', []],
    ['key-deleted', ['scanner:deleted']],
  ]);
});

test('fails on a defect that finds nothing to change', () => {
  const nowhere = { ...harmless, id: 'nowhere', type: 'AWS::Redshift::Cluster' };
  expect(() => seed(nowhere, stacks)).toThrow("defect 'nowhere' finds no AWS::Redshift::Cluster to change");
  const nothing = { ...harmless, id: 'nothing', change: () => {} };
  expect(() => seed(nothing, stacks)).toThrow("defect 'nothing' finds no AWS::KMS::Key to change");
});

/** A scanner in little: it looks at one template at a time. */
const scanner: Check = {
  name: 'scanner',
  run: (all) =>
    all.flatMap(({ name, template }) =>
      Object.entries(template.Resources)
        .filter(([, { Type, DeletionPolicy }]) => Type === 'AWS::KMS::Key' && DeletionPolicy === 'Delete')
        .map(([resource]) => ({ rule: 'scanner:deleted', stack: name, resource, message: 'the key goes' })),
    ),
};
