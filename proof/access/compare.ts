/** The access matrix against what is declared, cell by cell. */
import { declaredRights } from './declaration.ts';
import type { Asker, Cell } from './matrix.ts';
import type { Rights } from './rights.ts';
import type { Question, Verb } from './targets.ts';

/** A cell that is not as declared, or something declared that is not there. */
export interface Difference {
  readonly environment: string;
  /** `role Access/Marketing may read raw/bookings over TLS 1.2, but the declaration does not say so`. */
  readonly message: string;
  readonly at: Question['at'];
}

export interface Comparison {
  readonly cells: number;
  readonly allowed: number;
  /** Allowed without TLS or with an old one: none is ever right. */
  readonly allowedInsecurely: number;
  readonly differences: readonly Difference[];
}

export function compareMatrix(cells: readonly Cell[], rights: readonly Rights[] = declaredRights()): Comparison {
  const meant = expectations(rights);
  const allowed = cells.filter(({ isAllowed }) => isAllowed);
  return {
    cells: cells.length,
    allowed: allowed.length,
    allowedInsecurely: allowed.filter(({ transport }) => transport !== 'TLS 1.2').length,
    differences: [...absent(cells, rights), ...cells.flatMap((cell) => differenceOf(cell, meant))],
  };
}

type Expectations = ReadonlyMap<string, ReadonlySet<string>>;

/** What each is meant to be allowed, as `verb target`; a place stands for all under it. */
function expectations(rights: readonly Rights[]): Expectations {
  const meant = new Map<string, Set<string>>();
  for (const right of rights) {
    const wanted = wantedBy(right).map(([verb, target]) => `${verb} ${target}`);
    meant.set(right.who, new Set([...(meant.get(right.who) ?? []), ...wanted]));
  }
  const takers = rights.flatMap((right) =>
    takersOf(right).map((taker) => [taker, `take on role ${right.who}`] as const),
  );
  for (const [taker, wanted] of takers) meant.set(taker, new Set([...(meant.get(taker) ?? []), wanted]));
  return meant;
}

const WITH_FACTOR = 'a user with a second factor';

function takersOf({ kind, takenOnBy, trustsAnyAccount }: Rights): string[] {
  if (kind === 'people') return [WITH_FACTOR];
  if (takenOnBy === undefined) return [];
  return trustsAnyAccount === true ? [takenOnBy, `${takenOnBy} for another account`] : [takenOnBy];
}

function wantedBy(right: Rights): [Verb, string][] {
  const { reads = [], writes = [], removes = [], lists = [] } = right;
  const of = (verb: Verb, targets: readonly string[] = [], prefix = '') =>
    targets.map((target): [Verb, string] => [verb, `${prefix}${target}`]);
  return [
    ...of('read', reads),
    ...of('write', writes),
    ...of('remove', removes),
    ...of('list', lists),
    // A large object is written in parts, and S3 decrypts those to join them.
    ...of('decrypt', [...reads, ...writes].map(storeOf), 'key of '),
    ...of('encrypt', writes.map(storeOf), 'key of '),
    ...of('see', right.tables, 'table '),
    ...of('query', right.workGroups, 'workgroup '),
    ...of('use', right.parameters, 'parameter '),
    ...of('receive', right.receives, 'queue '),
    ...of('send', right.sends, 'queue '),
    ...of('publish', right.publishes, 'topic '),
  ];
}

function storeOf(place: string): string {
  return place.split('/')[0] ?? '';
}

function differenceOf(cell: Cell, meant: Expectations): Difference[] {
  const { environment, asker, question, transport, isAllowed } = cell;
  const isMeant = transport === 'TLS 1.2' && isDeclared(asker, question, meant);
  if (isAllowed === isMeant) return [];
  const wish = `${question.verb} ${question.target} (${transport})`;
  const message = isAllowed
    ? `${asker.name} may ${wish}, but the declaration does not say so`
    : `${asker.name} may not ${wish}, but the declaration says so`;
  const { role } = asker;
  const at = asker.kind === 'role' && role !== undefined ? role : question.at;
  return [{ environment, message, at }];
}

function isDeclared(asker: Asker, { verb, target }: Question, meant: Expectations): boolean {
  if (asker.kind === 'role of another environment' || asker.kind === 'outsider') return false;
  const wanted = meant.get(asker.name.replace(/^(role|service) /, ''));
  if (wanted === undefined) return false;
  const parts = target.split('/');
  return parts.some((_, index) => wanted.has(`${verb} ${parts.slice(0, index + 1).join('/')}`));
}

/** Roles that the declaration does not know, and those that it knows and the lake does not have. */
function absent(cells: readonly Cell[], rights: readonly Rights[]): Difference[] {
  const environments = [...new Set(cells.map(({ environment }) => environment))];
  return environments.flatMap((environment) => {
    const own = cells.filter((cell) => cell.environment === environment);
    const roles = new Map(
      own.flatMap(({ asker }) => (asker.kind === 'role' && asker.role ? [[asker.role.path, asker.role]] : [])),
    );
    const known = new Set(rights.map(({ who }) => who));
    const unknown = [...roles].filter(([path]) => !known.has(path));
    const missing = rights.filter((it) => it.kind !== 'service' && it.isOptional !== true && !roles.has(it.who));
    const targets = new Set(own.map(({ question }) => `${question.verb} ${question.target}`));
    const missed = rights
      .filter(({ who, kind }) => kind !== 'service' && roles.has(who))
      .flatMap((right) => wantedBy(right).filter((wanted) => NAMED.has(wanted[0]) && !targets.has(wanted.join(' '))));
    const at = { stack: own[0]?.question.at.stack ?? '', logicalId: '' };
    return [
      ...unknown.map(([path, role]) => ({ environment, message: `role ${path} is not declared`, at: role })),
      ...missing.map(({ who }) => ({ environment, message: `role ${who} is declared, but there is none`, at })),
      ...missed.map((wanted) => ({
        environment,
        message: `'${wanted.join(' ')}' is declared, but there is no such thing`,
        at,
      })),
    ];
  });
}

/** What is asked for only where the templates hold it; a place is asked for because it is declared. */
const NAMED: ReadonlySet<Verb> = new Set(['see', 'query', 'use', 'receive', 'send', 'publish']);
