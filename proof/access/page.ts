/** `docs/access.md`, from the declaration alone: the test that compares the declaration with the policies makes it true. */
import { ZONES } from '../../core/ports.ts';
import type { Rights } from './rights.ts';

export function accessPage(rights: readonly Rights[]): string {
  const people = rights.filter(({ kind }) => kind === 'people');
  const roles = rights.filter(({ kind }) => kind !== 'service');
  const stores = [...new Set([...ZONES, ...rights.flatMap((right) => placesOf(right).map(storeOf))])];
  const sections = [
    INTRODUCTION,
    '## Who there is',
    table(
      ['who', 'what for', 'takes the role on'],
      rights.map((it) => [nameOf(it), it.purpose, takerOf(it)]),
    ),
    '## What lies where',
    'Whatever has no tick, nobody may. Objects are read and written only by whoever may also use the key of their zone.',
    ...stores.flatMap((store) => [`### ${store}`, placesTable(store, rights)]),
    '## What nobody may',
    NOBODY,
    '## Tables and queries',
    'A table is what Athena is asked for; its rows are read with the rights above, so that a table alone opens nothing.',
    table(
      ['who', 'asks in workgroup', 'sees tables'],
      roles
        .filter(({ tables = [], workGroups = [] }) => tables.length + workGroups.length > 0)
        .map((it) => [nameOf(it), codes(it.workGroups), codes(it.tables)]),
    ),
    columnsNote(people),
    '## Messages and secrets',
    table(
      ['who', 'sends to', 'receives from', 'publishes to', 'uses the secret'],
      rights
        .filter(({ sends, receives, publishes, parameters }) => sends ?? receives ?? publishes ?? parameters)
        .map((it) => [nameOf(it), codes(it.sends), codes(it.receives), codes(it.publishes), codes(it.parameters)]),
    ),
    UNPROVEN,
  ];
  return `${sections.join('\n\n')}\n`;
}

const INTRODUCTION = `# Who may do what

<!-- Made by \`npm run infra:access -- --write\` from proof/access/declaration.ts. -->

This page says who may do what in the lake. It is made from one declaration, and a test computes the same from the
policies that would be deployed: every role, every outsider and the roles of every other environment, for each place and
action, over TLS 1.2, over TLS 1.1 and without TLS. Not one cell of that matrix may differ from this page.
\`npm run infra:access\` prints what it computed.`;

const NOBODY = [
  'Each line holds for every role and outsider, and in every environment.',
  '',
  '- Nobody reads, writes, lists or removes anything of a zone without TLS, or over a TLS older than 1.2.',
  '- The roles of one environment may do nothing in another, though both be in one account.',
  '- A caller without a name, and one of another account, may do nothing, and could not if public access were let in.',
  '- Nobody removes an old version for good, reads or changes a policy of a bucket, or has a key destroyed.',
  '- Nobody takes on the role of a person without a second factor; no role takes on another.',
  '- A service of AWS that works for another account may do nothing.',
  '  Where the trust of a role names no account (functions, the audit trail), the service takes it on for whoever handed',
  '  it over, which only users of this account can.',
  '- Nobody reads what lies in a place that this page does not name.',
].join('\n');

const UNPROVEN = `## What is not modelled

- **Administrators**: whoever carries policies from outside this repository may have them do anything within the account.
  The user with and without a second factor stands for such a person, and is asked for nothing but the people's roles.
- **Lake Formation**: the lake does not use it. Where an account has it on for new databases, it decides as well.
- **Service control policies, session policies, permission boundaries, VPC endpoints**: they only take away. A role with a
  permission boundary, or with a policy that is not in the templates, stops the check.
- **Access lists of buckets and objects**: the buckets refuse them (\`BucketOwnerEnforced\`).
- **Policies of the Glue catalog**, grants of keys, and what QuickSight may read by its own role in the account.
- **Rows and columns**: a table is open as a whole or not at all.
- **Services that answer over TLS 1.2 alone** whatever a policy says (Glue, Athena, KMS, SSM, STS) are asked so only.
  S3 is asked in three ways, queues and topics with and without TLS.
- **What a role may have others do**: start a job or a machine, call a function. Those work by their own roles, each of
  which stands above.
- **AWS itself**: the evaluation is this repository's own, compared with a second one; see the
  [decision](decisions/access-matrix.md). No account was asked.`;

function placesTable(store: string, rights: readonly Rights[]): string {
  const rows = rights.flatMap((right) => {
    const { reads = [], writes = [], removes = [], lists = [] } = right;
    const places = [...new Set(placesOf(right))].filter((place) => storeOf(place) === store).sort();
    return places.map((place) => [
      nameOf(right),
      place === store ? 'every name' : `\`${place.slice(store.length + 1)}/\``,
      ...[reads, writes].map((list) => tick(list.includes(place))),
      tick(lists.includes(place) || lists.includes(store)),
      tick(removes.includes(place)),
    ]);
  });
  if (rows.length === 0) return 'Nobody.';
  return table(['who', 'under', 'read', 'write', 'list', 'remove'], rows);
}

function placesOf({ reads = [], writes = [], removes = [], lists = [] }: Rights): string[] {
  return [...reads, ...writes, ...removes, ...lists];
}

function storeOf(place: string): string {
  return place.split('/')[0] ?? place;
}

function nameOf({ who, kind }: Rights): string {
  if (kind === 'people')
    return `**${who
      .replace(/^Access\//, '')
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase()}**`;
  return `\`${who}\``;
}

function takerOf({ kind, takenOnBy }: Rights): string {
  if (kind === 'people') return 'a user of the account with a second factor';
  return takenOnBy === undefined ? 'acts in its own name, for this account' : `\`${takenOnBy}\``;
}

function columnsNote(people: readonly Rights[]): string {
  const names = people.map(nameOf).filter((name) => /marketing|direction/.test(name));
  return `No table that ${names.join(' or ')} sees has a column of class pseudonym or sensitive.`;
}

function tick(isTrue: boolean): string {
  return isTrue ? '✓' : '';
}

function codes(names: readonly string[] = []): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
