/** What is wrong with a compiled definition, beyond what a schema sees. */
import type { DashboardVersionDefinition } from '@aws-sdk/client-quicksight';
import type { Fault } from './definition-fault.ts';
import { columnFaults } from './lint-columns.ts';
import { limitFaults } from './lint-limits.ts';
import { referenceFaults } from './lint-references.ts';
import { visualFaults } from './lint-visuals.ts';
import type { KnownSet } from './shown-set.ts';

/** None where QuickSight would take the definition, as far as is known. */
export function lintDefinition(definition: DashboardVersionDefinition, shown: readonly KnownSet[]): Fault[] {
  return [
    ...limitFaults(definition),
    ...referenceFaults(definition),
    ...columnFaults(definition, shown),
    ...visualFaults(definition, shown),
  ];
}

/** Throws one sentence with all faults. */
export function refuseFaults(id: string, definition: DashboardVersionDefinition, shown: readonly KnownSet[]) {
  const faults = lintDefinition(definition, shown);
  if (faults.length === 0) return;
  const sentences = faults.map(({ name, sentence }) => `${name}: ${sentence}`);
  throw new Error(`the definition of the dashboard '${id}' is not usable: ${sentences.join('; ')}`);
}
