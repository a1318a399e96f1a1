import type { Sources } from '../../core/dashboards/lint.ts';
import { datasets } from '../../datasets/index.ts';
import { catalogTables, checksTable, ledgerTable } from '../catalog-tables.ts';
import { deployedViews } from '../deployed-views.ts';

/** The columns of every view of the catalog. */
export function viewSources(): Sources {
  const tables = [...datasets.flatMap(catalogTables), ledgerTable, checksTable].map(({ name }) => name);
  return Object.fromEntries(
    datasets.flatMap((plan) => deployedViews(plan.name, tables)).map(({ name, columns }) => [name, columns]),
  );
}
