import type { Sources } from '../../core/dashboards/lint.ts';
import { datasets } from '../../datasets/index.ts';
import { catalogTables, sharedTables } from '../catalog-tables.ts';
import { deployedViews } from '../deployed-views.ts';

/** The columns of every view of the catalog. */
export function viewSources(): Sources {
  const tables = [...datasets.flatMap(catalogTables), ...sharedTables].map(({ name }) => name);
  return Object.fromEntries(
    datasets.flatMap((plan) => deployedViews(plan.name, tables)).map(({ name, columns }) => [name, columns]),
  );
}
