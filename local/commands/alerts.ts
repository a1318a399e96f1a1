import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertRun, Outcome } from '../../core/alerts/run-alerts.ts';
import type { AlertMessage, AlertSet } from '../../core/alerts/types.ts';
import { LANGUAGES } from '../../core/dashboards/types.ts';
import { alertsOf } from '../../datasets/alerts.ts';
import { cardOfAlert } from '../../lambdas/notify-webhook/read-notification.ts';
import { sendWebhook } from '../../lambdas/notify-webhook/send-webhook.ts';
import { readWebhook } from '../../lambdas/notify-webhook/webhook-host.ts';
import { evaluateAlerts } from '../evaluate-alerts.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';
import { openFileStore } from '../file-store.ts';
import { renderTable } from '../terminal/table.ts';

export interface AlertsOptions {
  readonly dataset: string;
  readonly lake: string;
  /** Evaluate again and again, until the process is ended. */
  readonly watch?: boolean;
  /** Address of a webhook of Slack or Teams, to which changes are sent as well. */
  readonly webhook?: string;
  readonly json?: boolean;
}

/** The shortest time after which a rule is asked again. */
const WATCH_MS = 5 * 60_000;

/** Evaluates the alerts that are due, says what is raised, and keeps it in the lake. Fails where a rule cannot be asked. */
export async function alerts(options: AlertsOptions): Promise<ExitStatus> {
  const set = alertsOf(options.dataset);
  if (!existsSync(options.lake)) {
    throw new Error(`there is no lake in '${options.lake}': take a file in first, as in npx laketwin run --no-serve`);
  }
  const store = await openFileStore(options.lake);
  const send = senderTo(options.webhook);
  for (;;) {
    const run = await evaluateAlerts(store, set, send, () => new Date());
    console.log(options.json ? JSON.stringify(run, null, 2) : table(set, run));
    if (!options.watch) return run.outcomes.some(({ kind }) => kind === 'failed') ? EXIT.failed : EXIT.done;
    await sleep(WATCH_MS);
  }
}

function senderTo(webhook: string | undefined): (message: AlertMessage) => Promise<void> {
  if (webhook !== undefined) checkWebhook(webhook);
  return async (message) => {
    for (const language of LANGUAGES) console.error(`${message.title[language]}\n${message.text[language]}\n`);
    if (webhook !== undefined) await sendWebhook(webhook, cardOfAlert(message));
  };
}

/** Refused before anything is asked. */
function checkWebhook(webhook: string): void {
  try {
    readWebhook(webhook);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function table(set: AlertSet, run: AlertRun): string {
  const rows = set.rules.map(({ id, title }, at) => {
    const state = run.states[id];
    const raised = state?.isRaised ? `raised since ${state.since}` : '';
    return [id, title.en, raised, told(run.outcomes[at])];
  });
  return renderTable(['alert', 'meaning', 'state', 'now'], rows);
}

function told(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  if (outcome.kind !== 'evaluated') return `${outcome.kind}: ${outcome.reason}`;
  const { value, n, period } = outcome;
  return value === null ? 'nothing to measure' : `${value} (n = ${n}), ${period}`;
}
