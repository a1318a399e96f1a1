import { expect, test } from 'vitest';
import { dashboardSets } from '../datasets/dashboards.ts';
import { datasets } from '../datasets/index.ts';
import { catalogTables, sharedTables } from './catalog-tables.ts';
import { deployedViews } from './deployed-views.ts';
import { reportReads, reportRoles } from './report-reads.ts';

const tables = [...datasets.flatMap(catalogTables), ...sharedTables];
const views = datasets.flatMap(({ name }) =>
  deployedViews(
    name,
    tables.map((table) => table.name),
  ),
);

test('reports go to marketing and the direction, each into a folder of its own', () => {
  expect(reportRoles()).toEqual(
    ['marketing', 'direction'].map((role) => ({ dataset: 'bookings', role, folder: `reports/bookings/${role}` })),
  );
});

test('reports read curated rows and what says their version', () => {
  const { prefixes } = reportReads({ tables, views });
  expect(prefixes.curated).toEqual(expect.arrayContaining(['bookings', 'published/bookings', '_manifests/bookings']));
  expect([...prefixes.raw, ...prefixes.processed, ...prefixes.rejected]).toEqual([]);
});

test('reports read what states the newest model', () => {
  for (const { model } of dashboardSets) expect(reportReads({ tables, views }).relations).toContain(model?.source);
});

test('fails where a visual of a report reads more than curated rows', () => {
  const strange = views.map((view) =>
    view.name === 'daily_bookings' ? { ...view, sql: 'select message from rejected_bookings' } : view,
  );
  expect(() => reportReads({ tables, views: strange })).toThrow(
    'the reports read rejected/bookings, expected curated rows alone: show that to analysts',
  );
});
