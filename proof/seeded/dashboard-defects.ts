import { add, everywhere, gone, set } from './changes.ts';
import type { Defect } from './defect.ts';

const source = 'AWS::QuickSight::DataSource';
const dataSet = 'AWS::QuickSight::DataSet';
const dashboard = 'AWS::QuickSight::Dashboard';
/** One of the data sets that one loop makes. */
const ONE_SET = /set-completion_by_week/;
const MARKETING = /dashboard-marketing/;
const VISUALS = 'Definition.Sheets.0.Visuals';
const PRINCIPAL = 'Permissions.0.Principal';

export const dashboardDefects: readonly Defect[] = [
  { id: 'dashboard-for-all', weakens: 'Everybody sees the dashboard.', type: dashboard, change: set(PRINCIPAL, '*') },
  {
    id: 'dashboard-for-namespace',
    weakens: 'Every user of the account sees the dashboard.',
    type: dashboard,
    change: set(PRINCIPAL, 'arn:aws:quicksight:eu-west-3:111122223333:namespace/default'),
  },
  {
    id: 'dashboard-by-link',
    weakens: 'Whoever has the link sees the dashboard.',
    type: dashboard,
    change: set('LinkSharingConfiguration', {
      Permissions: [
        {
          Principal: 'arn:aws:quicksight:eu-west-3:111122223333:namespace/default',
          Actions: ['quicksight:DescribeDashboard'],
        },
      ],
    }),
  },
  {
    id: 'data-set-for-namespace',
    weakens: 'Every user of the account reads the rows.',
    type: dataSet,
    place: ONE_SET,
    change: set(PRINCIPAL, 'arn:aws:quicksight:eu-west-3:111122223333:namespace/default'),
  },
  {
    id: 'data-set-changed-by-readers',
    weakens: 'A reader changes what others see.',
    type: dataSet,
    place: ONE_SET,
    change: add('Permissions.0.Actions', 'quicksight:UpdateDataSet'),
  },
  {
    id: 'data-set-stale',
    weakens: 'A dashboard shows the rows of long ago.',
    type: 'AWS::QuickSight::RefreshSchedule',
    place: /refresh-daily_bookings/,
    change: gone,
  },
  {
    id: 'data-source-plain-text',
    weakens: 'Rows travel in plain text.',
    type: source,
    change: set('SslProperties.DisableSsl', true),
  },
  {
    id: 'data-source-other-workgroup',
    weakens: 'Dashboards ask without limits.',
    type: source,
    change: everywhere('WorkGroup', (it) => {
      it.WorkGroup = 'primary';
    }),
  },
  {
    id: 'data-set-unguarded',
    weakens: 'A group that is confined to its rows sees those of all.',
    type: dataSet,
    place: ONE_SET,
    change: set('SemanticModelConfiguration.TableMap.prepared.RowLevelPermissionConfiguration'),
  },
  {
    id: 'dashboard-unknown-column',
    weakens: 'A visual asks for a column that is not there.',
    type: dashboard,
    place: MARKETING,
    change: set('Definition.CalculatedFields.0.Expression', 'sum({revenue})'),
  },
  {
    id: 'dashboard-duplicate-id',
    weakens: 'Two visuals bear one id.',
    type: dashboard,
    place: MARKETING,
    change: set(`${VISUALS}.1.KPIVisual.VisualId`, 'bookings-28-days'),
  },
  {
    id: 'dashboard-dangling-data-set',
    weakens: 'Visuals read a data set that is not declared.',
    type: dashboard,
    place: MARKETING,
    change: set('Definition.DataSetIdentifierDeclarations.0'),
  },
  {
    id: 'dashboard-dangling-filter',
    weakens: 'A filter follows a parameter that is not there.',
    type: dashboard,
    place: MARKETING,
    change: set('Definition.ParameterDeclarations', []),
  },
  {
    id: 'dashboard-unusable-number',
    weakens: 'A number is to show two values.',
    type: dashboard,
    place: MARKETING,
    change: add(
      `${VISUALS}.0.KPIVisual.ChartConfiguration.FieldWells.Values`,
      sum('more', 'completion_by_period', 'attempts'),
    ),
  },
  {
    id: 'dashboard-sums-rates',
    weakens: 'Rates are added up.',
    type: dashboard,
    place: MARKETING,
    change: everywhere('SimpleNumericalAggregation', (it) => {
      it.SimpleNumericalAggregation = 'SUM';
    }),
  },
  {
    id: 'dashboard-beyond-grid',
    weakens: 'A visual stands beyond the sheet.',
    type: dashboard,
    place: MARKETING,
    change: everywhere('ColumnSpan', (it) => {
      it.ColumnSpan = 40;
    }),
  },
];

function sum(FieldId: string, DataSetIdentifier: string, ColumnName: string) {
  const AggregationFunction = { SimpleNumericalAggregation: 'SUM' };
  return { NumericalMeasureField: { FieldId, Column: { DataSetIdentifier, ColumnName }, AggregationFunction } };
}
