import { describe, expect, test } from 'vitest';
import { datasets } from '../../datasets/index.ts';
import { curatedTables } from '../../lib/curated-tables.ts';
import { proven } from '../../lib/environments.ts';
import { ofType, synthesise } from './templates.ts';

const stacks = synthesise();

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

test('no policy allows an action by a wildcard', () => {
  for (const { id, Properties } of ofType(stacks, 'AWS::IAM::Policy')) {
    const actions = (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Action }) => Action);
    expect(
      actions.filter((action) => action.includes('*')),
      id,
    ).toEqual([]);
  }
});

test('a person needs a second factor to take on a role', () => {
  const people = ofType(stacks, 'AWS::IAM::Role').filter(({ stack }) => stack.endsWith('/Access'));
  expect(people).toHaveLength(4 * proven.length);
  for (const { Properties } of people) {
    expect(Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    });
  }
});

describe.each(proven)('in $name', ({ name, streaming }) => {
  const own = stacks.filter(({ environment }) => environment === name);

  /** Names of the exports and places that a role may read objects of. */
  const readsOf = (role: string) =>
    ofType(own, 'AWS::IAM::Policy')
      .filter(({ id }) => id.startsWith(role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
      .filter(({ Action }) => [Action].flat().includes('s3:GetObject'))
      .map(({ Resource }) => JSON.stringify(Resource))
      .join();

  test('only engineers, the pipeline and the crawler read the raw zone', () => {
    const readers = ofType(own, 'AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('GetAttRaw'),
    );
    expect(readers.map(({ id }) => id.replace(/DefaultPolicy.*/, '')).sort()).toEqual([
      'ConvertRole',
      'CrawlersRawRole',
      'DataEngineer',
      'ReprocessRole',
      'TakeLargeRole',
      'bookingsconvertlargeRole',
      ...(streaming ? ['bookingsstreamRole'] : []),
    ]);
  });

  test('analysts read processed and curated rows, and no rejected row or raw file', () => {
    const reads = readsOf('DataAnalyst');
    expect(reads).toContain('GetAttProcessed');
    expect(reads).toContain('GetAttCurated');
    expect(reads).not.toMatch(/GetAttRaw|GetAttRejected/);
  });

  test.each(['Marketing', 'Direction'])('%s reads curated tables alone, none of which has a pseudonym', (role) => {
    expect(readsOf(role)).toContain('GetAttCurated');
    expect(readsOf(role)).not.toMatch(/GetAttRaw|GetAttProcessed|GetAttRejected/);
    for (const table of datasets.flatMap(curatedTables)) {
      const isOpen = readsOf(role).includes(`/published/${table.name}/*`);
      expect(isOpen).toBe(!table.privacy.has('pseudonym') && !table.privacy.has('sensitive'));
    }
  });
});
