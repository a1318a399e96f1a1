import { type AlertPorts, type AlertRun, runAlerts } from '../../core/alerts/run-alerts.ts';
import type { AlertSet } from '../../core/alerts/types.ts';

export type EvaluatePorts = Omit<AlertPorts, 'sql'> & {
  readonly sql: (dataset: string, query: string) => string;
};

/** Evaluates the alerts of every dataset. Throws at the end, once all else is done, where a rule could not be asked. */
export async function evaluateSets(
  sets: readonly AlertSet[],
  { sql, ...ports }: EvaluatePorts,
  tell: (dataset: string, run: AlertRun) => void,
): Promise<void> {
  const failures: string[] = [];
  for (const set of sets) {
    const run = await runAlerts(set, { ...ports, sql: (query) => sql(set.dataset, query) });
    tell(set.dataset, run);
    for (const outcome of run.outcomes) if (outcome.kind === 'failed') failures.push(outcome.reason);
  }
  if (failures.length > 0) throw new Error(`rules that could not be asked: ${failures.join('; ')}`);
}
