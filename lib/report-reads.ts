import { reportedDashboards, roleFolder, roleOf } from '../core/dashboards/scheduled-reports.ts';
import { manifestPrefix } from '../core/lake/curated-manifest.ts';
import { ZONES } from '../core/ports.ts';
import { dashboardSets } from '../datasets/dashboards.ts';
import { type Catalog, type SqlReads, sqlReads } from './sql-reads.ts';

/** The roles to whom reports are sent, with the folder of each. */
export function reportRoles(): readonly { readonly dataset: string; readonly role: string; readonly folder: string }[] {
  return dashboardSets.flatMap((set) =>
    reportedDashboards(set).map((dashboard) => {
      const { dataset } = set;
      const role = roleOf(dashboard);
      return { dataset, role, folder: roleFolder(dataset, role) };
    }),
  );
}

/**
 * What the reports read, and the manifests that say of which version. Throws where a visual reads more than curated
 * rows: a report goes to people who may read nothing else.
 */
export function reportReads(catalog: Catalog): SqlReads {
  const reads = sqlReads(
    dashboardSets.flatMap((set) => [
      set.table,
      ...(set.model === undefined ? [] : [set.model.source]),
      ...reportedDashboards(set).flatMap(({ sheets }) =>
        sheets.flatMap(({ visuals }) => visuals.map(({ source }) => source)),
      ),
    ]),
    catalog,
  );
  const strange = ZONES.filter((zone) => zone !== 'curated').flatMap((zone) =>
    reads.prefixes[zone].map((prefix) => `${zone}/${prefix}`),
  );
  if (strange.length > 0)
    throw new Error(`the reports read ${strange.join(', ')}, expected curated rows alone: show that to analysts`);
  const manifests = dashboardSets.map(({ table }) => manifestPrefix(table).replace(/\/$/, ''));
  return { ...reads, prefixes: { ...reads.prefixes, curated: [...reads.prefixes.curated, ...manifests] } };
}
