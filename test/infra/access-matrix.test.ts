import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { featuresIfAny } from '../../datasets/features.ts';
import { datasets } from '../../datasets/index.ts';
import { access } from '../../proof/access/check.ts';
import { compareMatrix } from '../../proof/access/compare.ts';
import { declaredPlaces, declaredRights } from '../../proof/access/declaration.ts';
import { accessMatrix } from '../../proof/access/matrix.ts';
import { accessPage } from '../../proof/access/page.ts';
import type { Verb } from '../../proof/access/targets.ts';
import type { AssemblyStack, TemplateResource } from '../../proof/assembly.ts';
import { ownStacks } from './access-lake.ts';

const stacks = ownStacks();
const rights = declaredRights();
const cells = accessMatrix(stacks, declaredPlaces(rights));
const allowed = cells.filter(({ isAllowed }) => isAllowed);

/** Who may do it to any such target, in any environment. */
function whoMay(verb: Verb, target: RegExp): string[] {
  const found = allowed.filter(({ question }) => question.verb === verb && target.test(question.target));
  return [...new Set(found.map(({ asker }) => asker.name))].sort();
}

function targetsOf(role: string, verb: Verb): string[] {
  const found = allowed.filter(({ asker, question }) => asker.name === `role ${role}` && question.verb === verb);
  return [...new Set(found.map(({ question }) => question.target))].sort();
}

test('no cell differs from what is declared, in any environment', () => {
  const { differences } = compareMatrix(cells, rights);
  expect(differences.map(({ environment, message }) => `${environment}: ${message}`)).toEqual([]);
});

test('docs/access.md is the page of the declaration; npm run infra:access -- --write makes it', () => {
  expect(readFileSync('docs/access.md', 'utf8')).toBe(accessPage(rights));
});

test('not one cell is allowed without TLS, or with one older than 1.2', () => {
  const asked = cells.filter(({ transport }) => transport !== 'TLS 1.2');
  expect(asked.length).toBeGreaterThan(cells.length / 2);
  expect(asked.filter(({ isAllowed }) => isAllowed)).toEqual([]);
});

describe('whatever the declaration says', () => {
  test('nobody reads raw files and records but engineers and the pipeline', () => {
    expect(whoMay('read', /^raw\//)).toEqual([
      'role Access/DataEngineer',
      'role Catalog/Crawlers/RawRole',
      'role Ingestion/ConvertRole',
      'role Ingestion/ReprocessRole',
      'role Ingestion/TakeLargeRole',
      ...datasets.map(({ name }) => `role Ingestion/${name}-stream/Role`),
      ...datasets.map(({ name }) => `role Processing/${name}-convert-large/Role`),
    ]);
  });

  test('analysts read processed and curated rows, and nothing else but their own results', () => {
    const stores = targetsOf('Access/DataAnalyst', 'read').map((target) => target.split('/')[0]);
    expect([...new Set(stores)]).toEqual(['curated', 'processed', 'query-results']);
    for (const { name } of datasets) expect(targetsOf('Access/DataAnalyst', 'read')).toContain(`processed/${name}`);
  });

  test.each(['Access/Marketing', 'Access/Direction'])(
    '%s reads curated rows, and nothing else but its own results',
    (role) => {
      const reads = targetsOf(role, 'read');
      expect([...new Set(reads.map((target) => target.split('/')[0]))]).toEqual(['curated', 'query-results']);
      expect(targetsOf(role, 'decrypt')).toEqual(['key of curated', 'key of query-results']);
    },
  );

  test.each(['Access/Marketing', 'Access/Direction'])('%s sees no column of class pseudonym or sensitive', (role) => {
    const closed = datasets.flatMap(({ columns }) =>
      columns.flatMap(({ name, privacy }) => (privacy === 'pseudonym' || privacy === 'sensitive' ? [name] : [])),
    );
    expect(closed).not.toEqual([]);
    const tables = targetsOf(role, 'see');
    expect(tables).not.toEqual([]);
    for (const table of tables) {
      const columns = columnsOf(table.replace('table laketwin/', ''));
      expect(columns.length, table).toBeGreaterThan(0);
      expect(
        columns.filter((column) => closed.includes(column)),
        table,
      ).toEqual([]);
    }
  });

  test('people write their query results and nothing else', () => {
    for (const role of ['DataEngineer', 'DataAnalyst', 'Marketing', 'Direction']) {
      const written = targetsOf(`Access/${role}`, 'write');
      expect(written).toHaveLength(1);
      expect(written[0]).toMatch(/^query-results\//);
      expect(targetsOf(`Access/${role}`, 'remove')).toEqual([]);
    }
  });

  test.each(['role of another environment', 'outsider'] as const)('a %s may do nothing at all', (kind) => {
    const theirs = cells.filter(({ asker }) => asker.kind === kind);
    expect(theirs.length).toBeGreaterThan(1000);
    expect(theirs.filter(({ isAllowed }) => isAllowed)).toEqual([]);
  });

  test.each(['remove version', 'read policy', 'change policy', 'destroy'] as const)('nobody may %s', (verb) => {
    expect(cells.some(({ question }) => question.verb === verb)).toBe(true);
    expect(whoMay(verb, /./)).toEqual([]);
  });

  test('nobody reads an archive, an access log, an audit file or what lies where nobody said', () => {
    expect(whoMay('read', /^(archives|access-logs|audit)\/|anything else/)).toEqual([]);
  });

  test("a person's role is taken on with a second factor and by no role", () => {
    expect(whoMay('take on', /^role Access\//)).toEqual(['a user with a second factor']);
  });

  test('the pseudonym key is used by what cleans rows, and by nobody else', () => {
    expect(whoMay('use', /pseudonym-key$/)).toEqual([
      'role Ingestion/ConvertRole',
      'role Ingestion/ReprocessRole',
      ...datasets.flatMap(({ name }) => [
        ...(featuresIfAny(name) ? [`role Ingestion/${name}-scoring-transformRole`] : []),
        `role Ingestion/${name}-transformRole`,
      ]),
      ...datasets.map(({ name }) => `role Processing/${name}-convert-large/Role`),
    ]);
  });
});

/** Columns of a table or view of the templates, in every environment. */
function columnsOf(table: string): string[] {
  return stacks.flatMap(({ template }) =>
    Object.values(template.Resources).flatMap(({ Type, Properties }) => {
      const { Name, StorageDescriptor, PartitionKeys = [] } = Object(Properties?.TableInput);
      if (Type !== 'AWS::Glue::Table' || Name !== table) return [];
      const columns: { readonly Name: string }[] = [...Object(StorageDescriptor).Columns, ...PartitionKeys];
      return columns.map((column) => column.Name);
    }),
  );
}

describe('the check of the gate', () => {
  const prod = stacks.filter(({ environment }) => environment === 'prod');

  test('finds nothing in the lake of this repository', () => {
    expect(access.run(stacks)).toEqual([]);
  });

  test('fails where a bucket no longer refuses requests without TLS', async () => {
    const open = changed(prod, 'Storage', 'AWS::S3::BucketPolicy', (it) => without(it, 'aws:SecureTransport'));
    expect(await messages(open)).toMatch(/may read raw\/bookings \(no TLS\), but the declaration does not say so/);
  });

  test('fails where a bucket lets in an old TLS', async () => {
    const open = changed(prod, 'Storage', 'AWS::S3::BucketPolicy', (it) => without(it, 's3:TlsVersion'));
    expect(await messages(open)).toMatch(/\(TLS 1.1\), but the declaration does not say so/);
  });

  test('fails where a bucket is open to everyone, though public access be blocked', async () => {
    const anyone = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
    const open = changed(prod, 'Storage', 'AWS::S3::BucketPolicy', (it) => withStatement(it, anyone));
    expect(await messages(open)).toMatch(/anyone, were the public let in may read access-logs/);
  });

  test('fails where a role may more than its prefix', async () => {
    const wide = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::prod-storage-*' };
    const open = changed(prod, 'Access', 'AWS::IAM::Policy', (it) => withStatement(it, wide));
    const findings = await access.run(open);
    expect(findings.every(({ rule, resource }) => rule === 'access:cell' && resource !== undefined)).toBe(true);
    expect(findings.map(({ message }) => message).join()).toMatch(/role Access\/Marketing may read access-logs/);
  });

  test('fails where a key is no longer the key of its readers', async () => {
    const closed = changed(prod, 'Access', 'AWS::IAM::Policy', (it) => withoutAction(it, 'kms:Decrypt'));
    expect(await messages(closed)).toMatch(/role Access\/DataAnalyst may not read processed\/bookings/);
  });

  test("fails where people's roles need no second factor", async () => {
    const open = changed(prod, 'Access', 'AWS::IAM::Role', (it) =>
      replaced(it, /"Condition":\{"Bool":\{"aws:Mul[^}]*\}\},?/),
    );
    expect(await messages(open)).toMatch(/a user without a second factor may take on role Access\/Marketing/);
  });

  test('fails for a role that the declaration does not know', async () => {
    const known = changed(prod, 'Processing', 'AWS::IAM::Role', (it) => replaced(it, /bookings-plan/, 'bookings-new'));
    expect(await messages(known)).toMatch(/role Processing\/bookings-newRole is not declared/);
    expect(await messages(known)).toMatch(/role Processing\/bookings-planRole is declared, but there is none/);
  });

  test("fails where the people's roles are not there, and says that nothing is proven", () => {
    const strange = prod.filter(({ name }) => !name.endsWith('/Access'));
    expect(access.run(strange)).toEqual([
      expect.objectContaining({ rule: 'access:people', message: expect.stringContaining('is not proven here') }),
    ]);
  });

  test('fails rather than guess at a condition that it does not know', () => {
    const odd = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '::1' } },
    };
    const open = changed(prod, 'Access', 'AWS::IAM::Policy', (it) => withStatement(it, odd));
    expect(() => access.run(open)).toThrow(/condition operator 'IpAddress', expected one of StringEquals/);
  });

  test("fails where a role carries a policy of AWS's own", () => {
    const arn = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
    const open = changed(prod, 'Access', 'AWS::IAM::Role', (it) => ({
      ...it,
      Properties: { ...it.Properties, ManagedPolicyArns: [arn] },
    }));
    expect(() => access.run(open)).toThrow(/carries arn:aws:iam::aws:policy\/AmazonS3FullAccess, expected policies of/);
  });
});

type Change = (resource: TemplateResource) => TemplateResource;

/** The assembly with a change to every resource of a type in one of its stacks. */
function changed(assembly: readonly AssemblyStack[], stack: string, type: string, change: Change): AssemblyStack[] {
  return assembly.map((it) => {
    if (!it.name.endsWith(`/${stack}`)) return it;
    const resources = Object.entries(it.template.Resources).map(([id, resource]) => {
      return [id, resource.Type === type ? change(resource) : resource] as const;
    });
    return { ...it, template: { ...it.template, Resources: Object.fromEntries(resources) } };
  });
}

async function messages(assembly: readonly AssemblyStack[]): Promise<string> {
  return (await access.run(assembly)).map(({ message }) => message).join('\n');
}

function edited(resource: TemplateResource, edit: (statements: object[]) => object[]): TemplateResource {
  const document = Object(resource.Properties?.PolicyDocument);
  const PolicyDocument = { ...document, Statement: edit(document.Statement) };
  return { ...resource, Properties: { ...resource.Properties, PolicyDocument } };
}

function without(resource: TemplateResource, word: string): TemplateResource {
  return edited(resource, (all) => all.filter((statement) => !JSON.stringify(statement).includes(word)));
}

function withStatement(resource: TemplateResource, statement: object): TemplateResource {
  return edited(resource, (all) => [...all, statement]);
}

function withoutAction(resource: TemplateResource, action: string): TemplateResource {
  return edited(resource, (all) => all.filter((statement) => ![Object(statement).Action].flat().includes(action)));
}

function replaced(resource: TemplateResource, pattern: RegExp, by = ''): TemplateResource {
  return JSON.parse(JSON.stringify(resource).replace(pattern, by));
}
