import { messageOf } from './message.ts';
import type { AlertMessage, AlertRule, AlertSet, AlertState, AlertStates, Observation } from './types.ts';

export interface Evaluated {
  readonly states: AlertStates;
  /** In the order of the rules. */
  readonly messages: readonly AlertMessage[];
}

/**
 * What the observations change: an alert is raised after `consecutive` values beyond `raiseAt` and cleared after as many
 * beyond `clearAt`; between the two, and where there is too little to measure, it stays as it is. A rule without an
 * observation is left alone.
 */
export function evaluateAlerts(
  set: AlertSet,
  states: AlertStates,
  observations: readonly Observation[],
  now: Date,
): Evaluated {
  const next: Record<string, AlertState> = { ...states };
  const messages: AlertMessage[] = [];
  const at = now.toISOString();
  for (const rule of set.rules) {
    const seen = observations.find(({ id }) => id === rule.id);
    if (seen === undefined) continue;
    const before = states[rule.id] ?? FIRST;
    const after = { ...stateAfter(rule, before, seen, at), evaluatedAt: at };
    next[rule.id] = after;
    if (after.isRaised !== before.isRaised) messages.push(messageOf(set, rule, after, seen));
  }
  return { states: next, messages };
}

/** Whether it is time to ask for a rule again; a clock that went back asks again. */
export function isDue({ everyMinutes }: AlertRule, state: AlertState | undefined, now: Date): boolean {
  if (state === undefined) return true;
  const minutes = (now.getTime() - Date.parse(state.evaluatedAt)) / 60_000;
  // A timetable is late by seconds: half a minute more, and every second evaluation would be left out.
  return minutes < 0 || minutes >= everyMinutes - 0.5;
}

const FIRST: AlertState = { isRaised: false, streak: 0, incident: 0, since: null, evaluatedAt: '' };

function stateAfter(rule: AlertRule, before: AlertState, { value, n }: Observation, at: string): AlertState {
  if (value === null || n < rule.leastN) return before;
  const speaksForChange = before.isRaised ? isCalm(rule, value) : isBreach(rule, value);
  const streak = speaksForChange ? before.streak + 1 : 0;
  if (streak < rule.consecutive) return { ...before, streak };
  const isRaised = !before.isRaised;
  return { ...before, isRaised, streak: 0, incident: before.incident + (isRaised ? 1 : 0), since: at };
}

function isBreach({ raiseWhen, raiseAt }: AlertRule, value: number): boolean {
  return raiseWhen === 'above' ? value > raiseAt : value < raiseAt;
}

function isCalm({ raiseWhen, clearAt }: AlertRule, value: number): boolean {
  return raiseWhen === 'above' ? value <= clearAt : value >= clearAt;
}
