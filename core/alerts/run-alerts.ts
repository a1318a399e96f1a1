import { readText } from '../lake/read-object.ts';
import { type ObjectStore, PreconditionFailed } from '../ports.ts';
import { bindNow } from './bind-now.ts';
import { evaluateAlerts, isDue } from './evaluate-alerts.ts';
import { insightsOf } from './insights.ts';
import { alertsKey } from './keys.ts';
import { withInsights } from './message.ts';
import { contributionOf, observationOf, type Row } from './read-rows.ts';
import type { AlertMessage, AlertRule, AlertSet, AlertStates, Observation } from './types.ts';

export interface AlertPorts {
  readonly store: ObjectStore;
  /** Text of a file of `sql/<dataset>/alerts`. */
  readonly sql: (query: string) => string;
  /** Runs one statement in Athena's dialect. */
  readonly ask: (sql: string) => Promise<readonly Row[]>;
  /** Relations that the lake has, at least those that the rules need. */
  readonly relations: ReadonlySet<string>;
  /** May send a message twice, never under another id. */
  readonly send: (message: AlertMessage) => Promise<void>;
  readonly now: () => Date;
}

/** What became of one rule. */
export type Outcome =
  | ({ readonly kind: 'evaluated' } & Observation)
  | { readonly kind: 'inactive' | 'failed' | 'waiting'; readonly id: string; readonly reason: string };

export interface AlertRun {
  readonly outcomes: readonly Outcome[];
  readonly states: AlertStates;
  /** Sent by this run. */
  readonly messages: readonly AlertMessage[];
}

interface Kept {
  readonly version: 1;
  readonly states: AlertStates;
  /** Messages that are not known to have been sent. */
  readonly unsent: readonly AlertMessage[];
  /** Until when (ISO, UTC) whoever wrote this sends them; after that, anybody does. */
  readonly sendingUntil: string | null;
}

/** A sender that takes longer is taken for dead. */
const SENDING_MS = 5 * 60_000;
const NOTHING: Kept = { version: 1, states: {}, unsent: [], sendingUntil: null };

/**
 * Asks for every rule that is due, keeps the new state, and then sends what changed. The state is written only where
 * nobody wrote it since it was read, so that of two evaluators one sends; a message of one that died is sent by the
 * next. A rule whose query fails is told of in the outcomes and stays as it was.
 */
export async function runAlerts(set: AlertSet, ports: AlertPorts): Promise<AlertRun> {
  const { store, now } = ports;
  const key = alertsKey(set.dataset);
  const etag = (await store.head('curated', key))?.etag;
  const kept = etag === undefined ? NOTHING : parse(await readText(store, 'curated', key), key);
  const at = now();
  if (kept.sendingUntil !== null && at.getTime() < Date.parse(kept.sendingUntil)) return atWork(set, kept.states);
  const outcomes: Outcome[] = [];
  for (const rule of set.rules) outcomes.push(await outcomeOf(set, rule, kept.states, ports, at));
  const seen = outcomes.filter((it) => it.kind === 'evaluated');
  const { states, messages } = evaluateAlerts(set, kept.states, seen, at);
  const unsent = [...kept.unsent, ...(await explained(set, messages, ports))];
  if (seen.length === 0 && unsent.length === 0) return { outcomes, states, messages: [] };
  const sendingUntil = unsent.length === 0 ? null : new Date(at.getTime() + SENDING_MS).toISOString();
  const mine = await write(store, key, { version: 1, states, unsent, sendingUntil }, etag);
  if (mine === undefined) return atWork(set, kept.states);
  if (unsent.length > 0) {
    for (const message of unsent) await ports.send(message);
    await write(store, key, { version: 1, states, unsent: [], sendingUntil: null }, mine);
  }
  return { outcomes, states, messages: unsent };
}

function atWork(set: AlertSet, states: AlertStates): AlertRun {
  const reason = 'another evaluation is at work';
  return { outcomes: set.rules.map(({ id }) => ({ kind: 'waiting', id, reason })), states, messages: [] };
}

async function outcomeOf(
  { dataset }: AlertSet,
  rule: AlertRule,
  states: AlertStates,
  ports: AlertPorts,
  now: Date,
): Promise<Outcome> {
  const { id } = rule;
  const missing = rule.needs.filter((name) => !ports.relations.has(name));
  if (missing.length > 0) return { kind: 'inactive', id, reason: `the lake has no ${missing.join(', ')}` };
  if (!isDue(rule, states[id], now)) return { kind: 'waiting', id, reason: `asked every ${rule.everyMinutes} minutes` };
  try {
    const [row] = await ports.ask(bindNow(ports.sql(rule.query), now));
    return { kind: 'evaluated', ...observationOf(rule, row) };
  } catch (error) {
    return { kind: 'failed', id, reason: `${dataset}/${rule.query}.sql: ${(error as Error).message}` };
  }
}

/** With the biggest contributions to the change, where the rule names where they stand. */
async function explained(set: AlertSet, messages: readonly AlertMessage[], ports: AlertPorts): Promise<AlertMessage[]> {
  return Promise.all(
    messages.map(async (message) => {
      const rule = set.rules.find(({ id }) => id === message.alert);
      if (rule?.contributions === undefined) return message;
      // An alert without its reasons is better than none.
      const rows = await ports.ask(ports.sql(rule.contributions)).catch(() => []);
      return withInsights(message, insightsOf(set, rows.map(contributionOf), message.kind === 'raised'));
    }),
  );
}

/** The etag of what was written; undefined where somebody else wrote since. */
async function write(store: ObjectStore, key: string, kept: Kept, etag: string | undefined) {
  try {
    const condition = etag === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: etag };
    return (await store.put('curated', key, `${JSON.stringify(kept)}\n`, condition)).etag;
  } catch (error) {
    if (error instanceof PreconditionFailed) return undefined;
    throw error;
  }
}

function parse(text: string | undefined, key: string): Kept {
  const kept = JSON.parse(text ?? 'null') as Kept | null;
  if (kept?.version === 1) return kept;
  throw new Error(`curated/${key} is no state of alerts of version 1: remove it, and every alert begins anew`);
}
