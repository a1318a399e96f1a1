/** A policy's statements as the evaluator takes them: every list a list, every pattern ready to be matched. */

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  /** None in a trust policy, which is about its own role. */
  readonly resources?: Patterns;
  /** None in an identity policy, which is about whoever carries it. */
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

/** Texts with wildcards, or all but those. */
export interface Patterns {
  readonly texts: readonly string[];
  readonly isNegated: boolean;
  readonly matches: (value: string) => boolean;
}

export interface Principals {
  readonly isNegated: boolean;
  readonly anyone: boolean;
  /** ARNs of users and roles, and `arn:aws:iam::<account>:root` for accounts. */
  readonly arns: readonly string[];
  readonly services: readonly string[];
}

export interface Condition {
  /** As written: `StringEquals`, `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** In lower case: keys are the same in any case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Throws on what a policy may not hold, or what the evaluator would have to guess at. */
export function statementsOf(document: unknown): Statement[] {
  const statements = listOf(Object(document).Statement);
  if (statements.length === 0) throw new Error('a policy without a statement, expected at least one');
  return statements.map(statementOf);
}

function statementOf(written: unknown): Statement {
  const it: Readonly<Record<string, unknown>> = Object(written);
  const unknown = Object.keys(it).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw new Error(`a statement with '${unknown}', expected ${[...KNOWN].join(', ')}`);
  if (it.Effect !== 'Allow' && it.Effect !== 'Deny') {
    throw new Error(`a statement of effect ${JSON.stringify(it.Effect)}, expected Allow or Deny`);
  }
  const actions = patternsOf(it.Action, it.NotAction, 'i');
  if (actions === undefined) throw new Error('a statement without an action, expected Action or NotAction');
  const resources = patternsOf(it.Resource, it.NotResource, '');
  const principals = principalsOf(it.Principal, false) ?? principalsOf(it.NotPrincipal, true);
  return {
    effect: it.Effect,
    actions,
    ...(resources && { resources }),
    ...(principals && { principals }),
    conditions: conditionsOf(it.Condition),
  };
}

const KNOWN = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource'],
  ...['Principal', 'NotPrincipal', 'Condition'],
]);

function patternsOf(texts: unknown, notTexts: unknown, flags: '' | 'i'): Patterns | undefined {
  if (texts === undefined && notTexts === undefined) return;
  const isNegated = texts === undefined;
  const patterns = listOf(isNegated ? notTexts : texts).map(textOf);
  const tests = patterns.map((pattern) => wildcard(pattern, flags));
  return { texts: patterns, isNegated, matches: (value) => tests.some((test) => test(value)) !== isNegated };
}

function principalsOf(written: unknown, isNegated: boolean): Principals | undefined {
  if (written === undefined) return;
  const groups: [string, unknown][] = written === '*' ? [['AWS', '*']] : Object.entries(Object(written));
  const unknown = groups.find(([kind]) => kind !== 'AWS' && kind !== 'Service');
  if (unknown !== undefined) throw new Error(`a principal of kind '${unknown[0]}', expected AWS or Service`);
  const of = (kind: string) => groups.flatMap(([it, values]) => (it === kind ? listOf(values).map(textOf) : []));
  const arns = of('AWS').map((it) => (/^\d{12}$/.test(it) ? `arn:aws:iam::${it}:root` : it));
  return { isNegated, anyone: arns.includes('*'), arns, services: of('Service') };
}

function conditionsOf(written: unknown): Condition[] {
  return Object.entries(Object(written)).flatMap(([operator, keys]) =>
    Object.entries(Object(keys)).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: listOf(values).map(textOf),
    })),
  );
}

/** `*` is any text and `?` any character, as everywhere in IAM. */
export function wildcard(pattern: string, flags: '' | 'i' = ''): (value: string) => boolean {
  const key = `${flags}${pattern}`;
  const test = compiled.get(key) ?? compile(pattern, flags);
  compiled.set(key, test);
  return test;
}

/** The same few patterns are asked for many thousand times. */
const compiled = new Map<string, (value: string) => boolean>();

function compile(pattern: string, flags: '' | 'i'): (value: string) => boolean {
  const variable = /\$\{(?![*?$]\})[^}]*\}/.exec(pattern)?.[0];
  if (variable !== undefined) throw new Error(`a policy variable ${variable}, which the evaluator does not know`);
  if (!/[*?]/.test(pattern)) {
    const lower = pattern.toLowerCase();
    return flags === '' ? (value) => value === pattern : (value) => value.toLowerCase() === lower;
  }
  const source = pattern
    .split(/(\$\{[*?$]\}|\*|\?)/)
    .map((part) => WILD[part] ?? (part.startsWith('${') ? part.slice(2, -1) : part).replaceAll(SPECIAL, '\\$&'));
  const test = new RegExp(`^${source.join('')}$`, `s${flags}`);
  return (value) => test.test(value);
}

const WILD: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };
const SPECIAL = /[.*+?^${}()|[\]\\]/g;

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return `${value}`;
  throw new Error(`a policy holds ${JSON.stringify(value)}, expected a text`);
}
