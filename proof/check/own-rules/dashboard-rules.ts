import type { DashboardVersionDefinition } from '@aws-sdk/client-quicksight';
import { lintDefinition } from '../../../lib/quicksight/lint-definition.ts';
import type { SetColumn } from '../../../lib/quicksight/shown-set.ts';
import type { Lake } from '../lake.ts';
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
    meaning: 'A data set that is kept in memory is read anew each day, and as a whole each week at least.',
    types: [SET],
    test: ({ properties }, lake) => {
      if (properties.ImportMode !== 'SPICE') return undefined;
      const own = lake.ofType(REFRESH).filter((it) => it.properties.DataSetId === properties.DataSetId);
      const isDaily = own.some((it) => at(it.properties, 'Schedule.ScheduleFrequency.Interval') === 'DAILY');
      const isWhole = own.some((it) => at(it.properties, 'Schedule.RefreshType') === 'FULL_REFRESH');
      return all(
        isDaily ? undefined : `no schedule refreshes ${properties.DataSetId} each day, expected one`,
        isWhole ? undefined : `no schedule reads all of ${properties.DataSetId} again, expected one`,
      );
    },
  },
  {
    id: 'dashboard-rows',
    meaning: 'Where groups are confined to rows, no data set is left without its rules.',
    types: [SET],
    test: ({ properties }, lake) => {
      const rules = lake.ofType(SET).filter((it) => it.properties.UseAs === 'RLS_RULES');
      if (rules.length === 0 || properties.UseAs === 'RLS_RULES') return undefined;
      const guard = at(properties, `SemanticModelConfiguration.TableMap.prepared.RowLevelPermissionConfiguration`);
      const arn = at(guard, 'RowLevelPermissionDataSet.Arn');
      const isOn = at(guard, 'RowLevelPermissionDataSet.Status') === 'ENABLED';
      return isOn && rules.some((it) => lake.target(arn) === it)
        ? undefined
        : `${properties.DataSetId} shows all rows to every group, expected rules that are enabled`;
    },
  },
  {
    id: 'dashboard-definition',
    meaning: 'Every column, id, filter and combination of a dashboard is one that QuickSight can show.',
    types: ['AWS::QuickSight::Dashboard', 'AWS::QuickSight::Analysis'],
    test: ({ properties }, lake) => definitionFaults(properties.Definition, lake),
  },
];

/** Most assemblies of a process hold the same definitions. */
const ANSWERS = new Map<string, readonly string[]>();

function definitionFaults(value: unknown, lake: Lake): readonly string[] {
  const definition = value as DashboardVersionDefinition;
  const shown = (definition.DataSetIdentifierDeclarations ?? []).flatMap(({ Identifier, DataSetArn }) => {
    const set = lake.target(DataSetArn);
    const columns = list(at(set?.properties, 'PhysicalTableMap.query.CustomSql.Columns'));
    return set === undefined ? [] : [{ source: String(Identifier), columns: columns.map(columnOf) }];
  });
  const asked = JSON.stringify([definition, shown]);
  const known = ANSWERS.get(asked);
  if (known !== undefined) return known;
  const answer = lintDefinition(definition, shown).map(({ name, sentence }) => `${name}: ${sentence}`);
  ANSWERS.set(asked, answer);
  return answer;
}

function columnOf(column: unknown): Pick<SetColumn, 'name' | 'type'> {
  return { name: String(at(column, 'Name')), type: at(column, 'Type') as SetColumn['type'] };
}
