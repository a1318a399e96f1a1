import { CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ViewColumn } from '../constructs/lake-view.ts';
import { dataSetId, SHOWN_VIEWS } from '../data-sets.ts';
import type { Dashboards, Environment } from '../environments.ts';
import type { AnalyticsStack } from './analytics-stack.ts';
import type { CatalogStack } from './catalog-stack.ts';

export interface DashboardsStackProps extends StackProps {
  readonly environment: Environment;
  readonly dashboards: Dashboards;
  readonly catalog: CatalogStack;
  readonly analytics: AnalyticsStack;
}

const DATA_SOURCE_ACTIONS = ['DescribeDataSource', 'DescribeDataSourcePermissions', 'PassDataSource'];
const DATA_SET_ACTIONS = [
  'DescribeDataSet',
  'DescribeDataSetPermissions',
  'PassDataSet',
  'DescribeIngestion',
  'ListIngestions',
];
const DASHBOARD_ACTIONS = ['DescribeDashboard', 'ListDashboardVersions', 'QueryDashboard'];

/** Types of columns that QuickSight has, by Athena's. */
const TYPES: Readonly<Record<string, string>> = {
  varchar: 'STRING',
  bigint: 'INTEGER',
  integer: 'INTEGER',
  double: 'DECIMAL',
  boolean: 'BOOLEAN',
  date: 'DATETIME',
  'timestamp(3)': 'DATETIME',
};

/**
 * What marketing and the direction look at: views as data sets in the memory of QuickSight, read anew each night and
 * after each publication, and dashboards over them, for the groups that the environment names.
 *
 * Written in the words of CloudFormation: the module of the CDK for QuickSight takes longer to load than all others
 * together, and drops in silence what it does not know.
 */
export class DashboardsStack extends Stack {
  constructor(scope: Construct, id: string, props: DashboardsStackProps) {
    const { environment, dashboards, catalog, analytics, ...stackProps } = props;
    super(scope, id, stackProps);
    const groups = Object.values(dashboards.groups);
    const source = this.resource('DataSource', 'DataSource', {
      DataSourceId: `laketwin-${environment.name}`,
      Name: `Laketwin ${environment.name}`,
      Type: 'ATHENA',
      DataSourceParameters: { AthenaParameters: { WorkGroup: analytics.workGroups.dashboards } },
      SslProperties: { DisableSsl: false },
      Permissions: this.permissions(dashboards, [dashboards.groups.analysts], DATA_SOURCE_ACTIONS),
    });
    const sets = Object.fromEntries(
      SHOWN_VIEWS.map((view) => {
        const shown = catalog.views.find(({ name }) => name === view);
        if (shown === undefined) throw new Error(`there is no view ${view}, expected one of sql/<dataset>/views`);
        const set = this.resource('DataSet', `set-${view}`, {
          DataSetId: dataSetId(environment, view),
          Name: view,
          ImportMode: 'SPICE',
          PhysicalTableMap: { [view.replaceAll('_', '-')]: table(source, catalog.databaseName, view, shown.columns) },
          Permissions: this.permissions(dashboards, groups, DATA_SET_ACTIONS),
        });
        this.refreshNightly(view, dataSetId(environment, view), set);
        return [view, set];
      }),
    );
    this.resource('Dashboard', 'Completion', {
      DashboardId: `laketwin-${environment.name}-completion`,
      Name: 'Where do buyers finish?',
      Definition: completionDashboard(sets),
      DashboardPublishOptions: { AdHocFilteringOption: { AvailabilityStatus: 'ENABLED' } },
      ValidationStrategy: { Mode: 'STRICT' },
      Permissions: this.permissions(dashboards, groups, DASHBOARD_ACTIONS),
    });
  }

  private resource(type: string, id: string, properties: Readonly<Record<string, unknown>>): CfnResource {
    return new CfnResource(this, id, {
      type: `AWS::QuickSight::${type}`,
      properties: { AwsAccountId: this.account, ...properties },
    });
  }

  /** Groups are those of the region in which QuickSight keeps its users, which need not be the lake's. */
  private permissions({ identityRegion }: Dashboards, groups: readonly string[], actions: readonly string[]) {
    return groups.map((group) => ({
      Principal: `arn:${this.partition}:quicksight:${identityRegion}:${this.account}:group/default/${group}`,
      Actions: actions.map((action) => `quicksight:${action}`),
    }));
  }

  private refreshNightly(view: string, id: string, set: CfnResource) {
    const schedule = this.resource('RefreshSchedule', `refresh-${view}`, {
      DataSetId: id,
      Schedule: {
        ScheduleId: 'nightly',
        ScheduleFrequency: { Interval: 'DAILY', TimeOfTheDay: '05:00', TimeZone: 'Europe/Paris' },
        RefreshType: 'FULL_REFRESH',
      },
    });
    schedule.addResourceDependency(set);
  }
}

function table(source: CfnResource, schema: string, view: string, columns: readonly ViewColumn[]) {
  return {
    RelationalTable: {
      DataSourceArn: source.getAtt('Arn').toString(),
      Catalog: 'AwsDataCatalog',
      Schema: schema,
      Name: view,
      InputColumns: columns.map(({ name, athenaType }) => ({ Name: name, Type: TYPES[athenaType] ?? 'STRING' })),
    },
  };
}

/** A first dashboard: attempts and completions by channel, and the rate of seven days. */
function completionDashboard(sets: Readonly<Record<string, CfnResource>>) {
  const channels = { DataSetIdentifier: 'completion_by_channel' };
  const days = { DataSetIdentifier: 'daily_bookings' };
  const sum = (FieldId: string, Column: object) => ({
    NumericalMeasureField: { FieldId, Column, AggregationFunction: { SimpleNumericalAggregation: 'SUM' } },
  });
  return {
    DataSetIdentifierDeclarations: Object.entries(sets).map(([Identifier, set]) => ({
      Identifier,
      DataSetArn: set.getAtt('Arn').toString(),
    })),
    Sheets: [
      {
        SheetId: 'conversion',
        Name: 'Conversion',
        Visuals: [
          {
            BarChartVisual: {
              VisualId: 'attempts-by-channel',
              Title: title('Attempts and completed bookings by channel'),
              ChartConfiguration: {
                FieldWells: {
                  BarChartAggregatedFieldWells: {
                    Category: [
                      {
                        CategoricalDimensionField: {
                          FieldId: 'channel',
                          Column: { ...channels, ColumnName: 'sales_channel' },
                        },
                      },
                    ],
                    Values: [
                      sum('attempts', { ...channels, ColumnName: 'attempts' }),
                      sum('completed', { ...channels, ColumnName: 'completed' }),
                    ],
                  },
                },
              },
            },
          },
          {
            LineChartVisual: {
              VisualId: 'rate-by-day',
              Title: title('Completion rate of seven days'),
              ChartConfiguration: {
                FieldWells: {
                  LineChartAggregatedFieldWells: {
                    Category: [
                      { DateDimensionField: { FieldId: 'day', Column: { ...days, ColumnName: 'event_date' } } },
                    ],
                    Values: [sum('rate', { ...days, ColumnName: 'completion_rate_7_days' })],
                  },
                },
              },
            },
          },
        ],
      },
    ],
  };
}

function title(text: string) {
  return { Visibility: 'VISIBLE', FormatText: { PlainText: text } };
}
