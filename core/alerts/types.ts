/** Alert rules as data, and what their evaluation keeps and says. */
import type { Texts } from '../dashboards/types.ts';

export interface AlertRule {
  /** Unique in the dataset, kebab-case; part of the id of its messages. */
  readonly id: string;
  readonly severity: 'critical' | 'warning';
  /** Who has to do something. */
  readonly audience: 'marketing' | 'direction' | 'operations';
  readonly title: Texts;
  /** What to do, or where to look. */
  readonly advice: Texts;
  /** File of `sql/<dataset>/alerts`, without `.sql`: one row of `value`, `n`, `period`, and perhaps `low`, `high`. */
  readonly query: string;
  /** File beside it whose rows are contributions to a change, told in the message. */
  readonly contributions?: string;
  readonly format: 'rate' | 'minutes';
  readonly raiseWhen: 'above' | 'below';
  readonly raiseAt: number;
  /** On the good side of `raiseAt`: between the two nothing changes. */
  readonly clearAt: number;
  /** Fewer observations than these tell nothing. */
  readonly leastN: number;
  /** Evaluations in a row that must agree before the alert is raised or cleared. */
  readonly consecutive: number;
  readonly everyMinutes: number;
  /** Relations of the lake without which the alert is inactive. */
  readonly needs: readonly string[];
}

/** The rules of a dataset, and what codes of its data are called. */
export interface AlertSet {
  readonly dataset: string;
  readonly rules: readonly AlertRule[];
  readonly words: Readonly<Record<string, Texts>>;
}

/** What a rule's query said. */
export interface Observation {
  readonly id: string;
  /** Null where there is nothing to measure. */
  readonly value: number | null;
  readonly n: number;
  readonly period: string;
  /** The 95 % interval of the value. */
  readonly interval?: readonly [low: number, high: number];
}

export interface AlertState {
  readonly isRaised: boolean;
  /** Evaluations in a row that spoke for the other state. */
  readonly streak: number;
  /** How often the alert was raised; with the rule's id, the name of an incident. */
  readonly incident: number;
  /** When the state last changed (ISO, UTC). */
  readonly since: string | null;
  readonly evaluatedAt: string;
}

export type AlertStates = Readonly<Record<string, AlertState>>;

/** One for the beginning of an incident, one for its end. */
export interface AlertMessage {
  /** The same however often the message is sent. */
  readonly id: string;
  readonly dataset: string;
  readonly alert: string;
  readonly kind: 'raised' | 'cleared';
  readonly severity: AlertRule['severity'];
  readonly audience: AlertRule['audience'];
  /** ISO, UTC. */
  readonly at: string;
  readonly value: number;
  readonly n: number;
  readonly title: Texts;
  readonly text: Texts;
}

/** What one segment adds to a change of the completion rate; a row of the view `change_contributions`. */
export interface Contribution {
  readonly dimension: string;
  readonly segment: string;
  readonly attempts: number;
  readonly attemptsBefore: number;
  readonly rateBefore: number;
  readonly rateNow: number;
  /** Share of all attempts; the contributions of a dimension add up to the change. */
  readonly contribution: number;
}
