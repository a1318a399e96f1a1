import { all, at, expectValue, list, type Rule, unexpected } from './rule.ts';

const SOURCE = 'AWS::QuickSight::DataSource';
const SET = 'AWS::QuickSight::DataSet';
const REFRESH = 'AWS::QuickSight::RefreshSchedule';
const SHARED = [SOURCE, SET, 'AWS::QuickSight::Dashboard', 'AWS::QuickSight::Analysis'];

export const dashboardRules: readonly Rule[] = [
  {
    id: 'dashboard-readers',
    meaning: 'What dashboards show is opened to groups of the account, never to everybody or by a link.',
    types: SHARED,
    test: ({ properties }) =>
      all(
        ...list(properties.Permissions).map((it) => {
          const principal = `${at(it, 'Principal')}`;
          return /:group\/[^*]+$/.test(principal) ? undefined : `opened to ${principal}, expected a group`;
        }),
        list(at(properties, 'LinkSharingConfiguration.Permissions')).length > 0
          ? 'whoever has the link may read, expected a group'
          : undefined,
      ),
  },
  {
    id: 'dashboard-read-only',
    meaning: 'Groups look at dashboards: what they show is changed by deployment alone.',
    types: SHARED,
    test: ({ properties }) =>
      list(properties.Permissions)
        .flatMap((it) => list(at(it, 'Actions')).map(String))
        .filter((action) => /:(Update|Delete|Create|Put|Restore|Cancel)|\*/.test(action))
        .map((action) => `${action} is granted, expected actions that only read`),
  },
  {
    id: 'dashboard-source',
    meaning: 'Dashboards ask Athena by TLS, with a workgroup of the lake.',
    types: [SOURCE],
    test: ({ properties }, lake) => {
      const group = at(properties, 'DataSourceParameters.AthenaParameters.WorkGroup');
      return all(
        expectValue(properties, 'SslProperties.DisableSsl', false),
        lake.ofType('AWS::Athena::WorkGroup').some((it) => lake.means(group, it))
          ? undefined
          : unexpected('WorkGroup', group, 'a workgroup of the lake'),
      );
    },
  },
  {
    id: 'dashboard-fresh',
    meaning: 'A data set that is kept in memory is read anew by a schedule.',
    types: [SET],
    test: ({ properties }, lake) =>
      properties.ImportMode !== 'SPICE' ||
      lake.ofType(REFRESH).some((it) => it.properties.DataSetId === properties.DataSetId)
        ? undefined
        : `no schedule refreshes ${properties.DataSetId}, expected one`,
  },
];
