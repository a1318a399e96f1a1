import { alertSets } from '../datasets/alerts.ts';
import { relationsOf, sqlFiles } from './sql-files.ts';
import { type Catalog, type SqlReads, sqlReads } from './sql-reads.ts';

/** What the SQL of the alerts reads. A relation that the catalog lacks is left out: the rules that need it are inactive. */
export function alertReads(catalog: Catalog): SqlReads {
  const asked = alertSets.flatMap(({ dataset }) => sqlFiles(dataset, 'alerts').flatMap(({ sql }) => relationsOf(sql)));
  return sqlReads(asked, catalog);
}
