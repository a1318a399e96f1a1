import { add, everywhere, gone, set } from './changes.ts';
import type { Defect } from './defect.ts';

const source = 'AWS::QuickSight::DataSource';
const dataSet = 'AWS::QuickSight::DataSet';
const dashboard = 'AWS::QuickSight::Dashboard';
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
    change: set(PRINCIPAL, 'arn:aws:quicksight:eu-west-3:111122223333:namespace/default'),
  },
  {
    id: 'data-set-changed-by-readers',
    weakens: 'A reader changes what others see.',
    type: dataSet,
    change: add('Permissions.0.Actions', 'quicksight:UpdateDataSet'),
  },
  {
    id: 'data-set-stale',
    weakens: 'A dashboard shows the rows of long ago.',
    type: 'AWS::QuickSight::RefreshSchedule',
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
];
