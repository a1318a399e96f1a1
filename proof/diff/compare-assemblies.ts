/** What a change of the infrastructure comes to, in words. */
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { type AssemblyStack, placeOf } from '../assembly.ts';
import { ownRules } from '../check/own-rules/own-rules.ts';
import type { Finding } from '../finding.ts';
import { compareRights, inWords } from './compare-rights.ts';

/** In the order in which a reader wants them. */
export const KINDS = ['opens', 'weakens', 'removes', 'replaces', 'closes', 'adds', 'changes'] as const;
export type Kind = (typeof KINDS)[number];

/** The same change in several environments is one. */
export interface Change {
  readonly kind: Kind;
  /** Construct without its stage, or stack where it is new or gone: `Storage/Raw/Resource`. */
  readonly place: string;
  readonly text: string;
  readonly environments: readonly string[];
}

interface Seen {
  readonly kind: Kind;
  readonly place: string;
  readonly text: string;
  readonly environment: string;
}

/** Resources that hold what cannot be made again. */
const STATEFUL = /^AWS::(S3::Bucket|KMS::Key|SQS::Queue|Logs::LogGroup)$/;

/** Changes from one assembly to the other, by kind; none where nothing would be deployed otherwise. */
export async function compareAssemblies(
  before: readonly AssemblyStack[],
  after: readonly AssemblyStack[],
): Promise<Change[]> {
  const old = new Map(before.map((stack) => [stack.name, stack]));
  const fresh = new Map(after.map((stack) => [stack.name, stack]));
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  const seen = names.flatMap((name) => compareStacks(old.get(name), fresh.get(name)));
  return together([...seen, ...(await weakened(before, after))]);
}

function compareStacks(before: AssemblyStack | undefined, after: AssemblyStack | undefined): Seen[] {
  const stack = after ?? before;
  if (stack === undefined) return [];
  const { environment } = stack;
  const say = (kind: Kind, place: string, text: string): Seen => ({ kind, place: unstaged(place), text, environment });
  const whole: Seen[] =
    before === undefined
      ? [say('adds', stack.name, `the stack, with ${count(stack)} resources`)]
      : after === undefined
        ? [say('removes', stack.name, `the stack, with its ${count(stack)} resources`)]
        : [];
  const diff = fullDiff({ ...before?.template }, { ...after?.template });
  const resources: Seen[] = [];
  diff.resources.forEachDifference((id, change) => {
    const place = placeOf(after?.template.Resources[id] === undefined ? (before ?? stack) : stack, id);
    const type = change.newResourceType ?? change.oldResourceType ?? 'a resource';
    const kind = KIND_OF[change.changeImpact];
    if (kind === undefined || (whole.length > 0 && !STATEFUL.test(type))) return;
    const kept =
      change.changeImpact === ResourceImpact.WILL_ORPHAN ? ', which stays in the account without a stack' : '';
    const loss = kind === 'replaces' && STATEFUL.test(type) ? ', and what it holds is lost with it or left behind' : '';
    const names = Object.keys(change.propertyUpdates);
    if (kind === 'changes' && names.length === 0) return;
    const what = kind === 'changes' || kind === 'replaces' ? `${type}: ${names.join(', ')}` : type;
    resources.push(say(kind, place, `${what}${kept}${loss}`));
  });
  const stackPath = stack.name;
  const rights = compareRights(diff.iamChanges, environment).map(({ kind, who, text }) =>
    say(kind, `${stackPath}/${who}`, text),
  );
  const managed = diff.iamChanges.managedPolicies.additions.map((it) =>
    say('opens', `${stackPath}/${inWords(it.identityArn, environment)}`, `takes on ${it.managedPolicyArn}`),
  );
  return [...whole, ...resources, ...rights, ...managed];
}

const KIND_OF: Partial<Record<ResourceImpact, Kind>> = {
  [ResourceImpact.WILL_CREATE]: 'adds',
  [ResourceImpact.WILL_UPDATE]: 'changes',
  [ResourceImpact.WILL_REPLACE]: 'replaces',
  [ResourceImpact.MAY_REPLACE]: 'replaces',
  [ResourceImpact.WILL_DESTROY]: 'removes',
  [ResourceImpact.WILL_ORPHAN]: 'removes',
};

/** Rules of the lake that held before and do not any more. */
async function weakened(before: readonly AssemblyStack[], after: readonly AssemblyStack[]): Promise<Seen[]> {
  const known = new Set((await ownRules.run(before)).map(keyOf));
  const environments = new Map(after.map((stack) => [stack.name, stack]));
  return (await ownRules.run(after))
    .filter((finding) => !known.has(keyOf(finding)))
    .flatMap((finding) => {
      const stack = environments.get(finding.stack);
      if (stack === undefined) return [];
      const place = finding.resource === undefined ? stack.name : placeOf(stack, finding.resource);
      const text = `${finding.message} (${finding.rule})`;
      return [{ kind: 'weakens' as const, place: unstaged(place), text, environment: stack.environment }];
    });
}

function keyOf({ rule, stack, resource, message }: Finding): string {
  return JSON.stringify([rule, stack, resource, message]);
}

function together(seen: readonly Seen[]): Change[] {
  const changes = new Map<string, Change>();
  for (const { kind, place, text, environment } of seen) {
    const key = JSON.stringify([kind, place, text]);
    const environments = [...new Set([...(changes.get(key)?.environments ?? []), environment])];
    changes.set(key, { kind, place, text, environments });
  }
  const byPlace = (one: Change, other: Change) => one.place.localeCompare(other.place, 'en');
  return KINDS.flatMap((kind) => [...changes.values()].filter((change) => change.kind === kind).sort(byPlace));
}

/** `Prod/Storage/Raw` without its stage. */
function unstaged(place: string): string {
  return place.replace(/^[^/]+\//, '');
}

function count({ template }: AssemblyStack): number {
  return Object.keys(template.Resources).length;
}
