/** What is acknowledged beside a resource of a template, and whether it says something. */
import { ACKNOWLEDGED } from '../../lib/constructs/acknowledge.ts';
import { type AssemblyStack, placeOf } from '../assembly.ts';
import type { Finding } from '../finding.ts';

/** One decision: whatever bears the same reason, wherever it stands. */
export interface Acknowledgement {
  readonly reason: string;
  /** Rules that it answers, as they stand in the template. */
  readonly rules: readonly string[];
  /** Findings that it covers. */
  readonly findings: number;
}

export interface Judgement {
  /** Findings that stand, with those about the acknowledgements themselves. */
  readonly open: readonly Finding[];
  readonly acknowledged: readonly Finding[];
  readonly acknowledgements: readonly Acknowledgement[];
}

/** Decisions that a whole assembly may carry: whoever accepts everything has checked nothing. */
export const MOST_ACKNOWLEDGEMENTS = 15;

interface Note {
  readonly stack: AssemblyStack;
  readonly resource: string;
  readonly rule: string;
  readonly reason: string;
}

/** Parts the findings by what their own resource acknowledges. */
export function judge(stacks: readonly AssemblyStack[], findings: readonly Finding[]): Judgement {
  const notes = stacks.flatMap(notesOf);
  const byResource = grouped(notes, placeKey);
  const matched = new Map<Note, number>();
  const open: Finding[] = [];
  const acknowledged: Finding[] = [];
  for (const finding of findings) {
    const note = byResource.get(`${finding.stack}#${finding.resource}`)?.find(({ rule }) => covers(rule, finding.rule));
    (note === undefined ? open : acknowledged).push(finding);
    if (note !== undefined) matched.set(note, (matched.get(note) ?? 0) + 1);
  }
  const acknowledgements = decisions(notes, matched);
  return {
    open: [...open, ...unmatched(notes, matched), ...unreasoned(notes), ...tooMany(stacks, acknowledgements)],
    acknowledged,
    acknowledgements,
  };
}

function notesOf(stack: AssemblyStack): Note[] {
  return Object.entries(stack.template.Resources).flatMap(([resource, { Metadata }]) => {
    const noted: unknown = Metadata?.[ACKNOWLEDGED] ?? [];
    return (Array.isArray(noted) ? noted : [noted]).map((it) => {
      const { rule = '', reason = '' } = Object(it);
      return { stack, resource, rule: `${rule}`, reason: `${reason}` };
    });
  });
}

const ANY: Readonly<Record<string, string>> = { name: '[^/\\]]+', path: '[^\\]]+' };

/** In the rule of an acknowledgement `{name}` stands for any word without a slash, and `{path}` for any words with them. */
function covers(acknowledged: string, rule: string): boolean {
  const pattern = acknowledged
    .split(/\{(name|path)\}/)
    .map((part, index) => (index % 2 === 1 ? ANY[part] : literal(part)));
  return new RegExp(`^${pattern.join('')}$`).test(rule);
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function decisions(notes: readonly Note[], matched: ReadonlyMap<Note, number>): Acknowledgement[] {
  return [...grouped(notes, ({ reason }) => reason)].map(([reason, same]) => ({
    reason,
    rules: [...new Set(same.map(({ rule }) => rule))].sort(),
    findings: same.reduce((sum, note) => sum + (matched.get(note) ?? 0), 0),
  }));
}

/** An acknowledgement may stand beside several resources of a kind: it must match at one of them in its environment. */
function unmatched(notes: readonly Note[], matched: ReadonlyMap<Note, number>): Finding[] {
  return [...grouped(notes, ({ stack, rule, reason }) => JSON.stringify([stack.environment, rule, reason])).values()]
    .filter((same) => !same.some((note) => matched.has(note)))
    .flatMap(([first]) => (first === undefined ? [] : [against(first, 'unmatched-acknowledgement', UNMATCHED)]));
}

function unreasoned(notes: readonly Note[]): Finding[] {
  return notes
    .filter(({ reason }) => !isSentence(reason))
    .map((note) => against(note, 'unreasoned-acknowledgement', 'expected a reason in a whole sentence'));
}

const UNMATCHED = 'acknowledged, but no finding of that rule is left here: take the acknowledgement away';

function against({ stack, resource, rule, reason }: Note, gateRule: string, message: string): Finding {
  return {
    rule: `gate:${gateRule}`,
    stack: stack.name,
    resource,
    message: `'${rule}' (${reason || 'no reason'}): ${message}`,
  };
}

function isSentence(reason: string): boolean {
  return reason.trim().split(/\s+/).length >= 6 && /[.!?]$/.test(reason.trim());
}

function tooMany([first]: readonly AssemblyStack[], { length }: readonly Acknowledgement[]): Finding[] {
  if (length <= MOST_ACKNOWLEDGEMENTS || first === undefined) return [];
  const message = `${length} acknowledgements, expected at most ${MOST_ACKNOWLEDGEMENTS} in the whole assembly`;
  return [{ rule: 'gate:too-many-acknowledgements', stack: first.name, message }];
}

function placeKey({ stack, resource }: Note): string {
  return `${stack.name}#${resource}`;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** A finding's place: the construct, or the stack where it is about no resource. */
export function placeOfFinding(stacks: readonly AssemblyStack[], { stack: name, resource }: Finding): string {
  const stack = stacks.find((it) => it.name === name);
  return stack === undefined || resource === undefined ? name : placeOf(stack, resource);
}
