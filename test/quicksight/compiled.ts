/** The dashboards of the bookings as QuickSight would have them, without a stack. */
import type { DashboardVersionDefinition } from '@aws-sdk/client-quicksight';
import type { Language } from '../../core/dashboards/types.ts';
import { bookingDashboards } from '../../datasets/bookings/dashboards.ts';
import { datasets } from '../../datasets/index.ts';
import { compileDashboard } from '../../lib/quicksight/compile-dashboard.ts';
import { type CompiledSet, compileSet } from '../../lib/quicksight/compile-set.ts';
import { viewSources } from '../../lib/quicksight/view-sources.ts';

export const SOURCES = viewSources();

export function compiledSet(language: Language = 'en'): CompiledSet {
  return compileSet(bookingDashboards, SOURCES, datasets, language);
}

export function dataSetArn(source: string): string {
  return `arn:aws:quicksight:eu-west-3:111122223333:dataset/${source}`;
}

/** A definition that a test may change. */
export function definitionOf(id: string, language: Language = 'en'): DashboardVersionDefinition {
  const compiled = compiledSet(language);
  const dashboard = compiled.set.dashboards.find((one) => one.id === id);
  if (dashboard === undefined) throw new Error(`there is no dashboard '${id}'`);
  return structuredClone(compileDashboard({ ...compiled, dataSetArn }, dashboard));
}
