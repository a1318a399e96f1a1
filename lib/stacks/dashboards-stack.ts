import { CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Dashboard, Reader } from '../../core/dashboards/types.ts';
import { dashboardSets } from '../../datasets/dashboards.ts';
import { datasets } from '../../datasets/index.ts';
import { dataSetId } from '../data-sets.ts';
import type { Dashboards, Environment } from '../environments.ts';
import { columnRules } from '../quicksight/column-rules.ts';
import { compileDashboard } from '../quicksight/compile-dashboard.ts';
import { type CompiledSet, compileSet } from '../quicksight/compile-set.ts';
import { dataSetProperties, ruleSetProperties, schedules } from '../quicksight/data-set.ts';
import { refuseFaults } from '../quicksight/lint-definition.ts';
import { type RuleSet, refuseUnknownRules, ruleSet } from '../quicksight/row-rules.ts';
import type { ShownSet } from '../quicksight/shown-set.ts';
import { THEME } from '../quicksight/theme.ts';
import type { AnalyticsStack } from './analytics-stack.ts';
import type { CatalogStack } from './catalog-stack.ts';

export interface DashboardsStackProps extends StackProps {
  readonly environment: Environment;
  readonly dashboards: Dashboards;
  readonly catalog: CatalogStack;
  readonly analytics: AnalyticsStack;
}

/** What a group that looks needs; QuickSight takes these lists as a whole, and no others. */
const ACTIONS = {
  source: ['DescribeDataSource', 'DescribeDataSourcePermissions', 'PassDataSource'],
  set: ['DescribeDataSet', 'DescribeDataSetPermissions', 'PassDataSet', 'DescribeIngestion', 'ListIngestions'],
  dashboard: ['DescribeDashboard', 'ListDashboardVersions', 'QueryDashboard'],
  theme: ['DescribeTheme', 'DescribeThemeAlias', 'ListThemeAliases', 'ListThemeVersions'],
} as const;

/**
 * What marketing, the direction and analysts look at, from the one description: a data set a view, a theme, and for
 * each dashboard an analysis, from which authors go on, and the dashboard, for the groups that the environment names.
 *
 * Written in the words of CloudFormation: the module of the CDK for QuickSight takes longer to load than all others
 * together, and drops in silence what it does not know. Nothing here switches on a fee of the account.
 */
export class DashboardsStack extends Stack {
  readonly #props: DashboardsStackProps;
  readonly #rules = new Map<string, CfnResource>();

  constructor(scope: Construct, id: string, props: DashboardsStackProps) {
    const { environment, dashboards, catalog, analytics, ...stackProps } = props;
    // Definitions are deep: indented, they would come near the most that CloudFormation takes of a template.
    super(scope, id, { suppressTemplateIndentation: true, ...stackProps });
    this.#props = props;
    refuseUnknownRules(dashboards.rows ?? {}, datasets);
    const source = this.resource('DataSource', 'DataSource', {
      DataSourceId: `laketwin-${environment.name}`,
      Name: `Laketwin ${environment.name}`,
      Type: 'ATHENA',
      DataSourceParameters: { AthenaParameters: { WorkGroup: analytics.workGroups.dashboards } },
      SslProperties: { DisableSsl: false },
      Permissions: this.permissions(['analysts'], ACTIONS.source),
    });
    const theme = this.resource('Theme', 'Theme', {
      ThemeId: `laketwin-${environment.name}`,
      Name: `Laketwin ${environment.name}`,
      BaseThemeId: 'CLASSIC',
      Configuration: THEME,
      Permissions: this.permissions(Object.keys(dashboards.groups) as Reader[], ACTIONS.theme),
    });
    const sources = Object.fromEntries(catalog.views.map(({ name, columns }) => [name, columns]));
    for (const set of dashboardSets) {
      const compiled = compileSet(set, sources, datasets, dashboards.language);
      const arns = new Map(compiled.shown.map((shown) => [shown.source, this.dataSet(shown, source)]));
      for (const dashboard of compiled.set.dashboards) this.dashboard(dashboard, compiled, arns, theme);
    }
  }

  private dataSet(shown: ShownSet, source: CfnResource): string {
    const { environment, dashboards, catalog } = this.#props;
    const id = dataSetId(environment, shown.source);
    const set = ruleSet(shown, dashboards.rows ?? {}, dashboards.groups);
    const made = this.resource('DataSet', `set-${shown.source}`, {
      ...dataSetProperties(shown, {
        id,
        dataSourceArn: arnOf(source),
        database: catalog.databaseName,
        columnRules: columnRules(shown, datasets, this.group('analysts')),
        rules: set === undefined ? undefined : { set, arn: arnOf(this.rules(set, source)) },
      }),
      Permissions: this.permissions(['analysts'], ACTIONS.set),
    });
    this.refresh(shown.source, id, made, schedules(shown));
    return arnOf(made);
  }

  /** Rules that several data sets are held against stand once. */
  private rules(set: RuleSet, source: CfnResource): CfnResource {
    const known = this.#rules.get(set.name);
    if (known !== undefined) return known;
    const id = dataSetId(this.#props.environment, set.name);
    const made = this.resource('DataSet', set.name, ruleSetProperties(set, id, arnOf(source)));
    this.refresh(set.name, id, made, schedules({ isLive: false, timeColumn: undefined }));
    this.#rules.set(set.name, made);
    return made;
  }

  private refresh(name: string, DataSetId: string, made: CfnResource, all: ReturnType<typeof schedules>) {
    for (const schedule of all) {
      const id = `refresh-${name}${schedule.ScheduleId === 'nightly' ? '' : `-${schedule.ScheduleId}`}`;
      this.resource('RefreshSchedule', id, { DataSetId, Schedule: schedule }).addResourceDependency(made);
    }
  }

  private dashboard(
    dashboard: Dashboard,
    compiled: CompiledSet,
    arns: ReadonlyMap<string, string>,
    theme: CfnResource,
  ) {
    const { name } = this.#props.environment;
    const definition = compileDashboard({ ...compiled, dataSetArn: (source) => arns.get(source) ?? '' }, dashboard);
    refuseFaults(dashboard.id, definition, compiled.shown);
    const shared = {
      Name: dashboard.title[compiled.language],
      Definition: definition,
      ThemeArn: arnOf(theme),
      ValidationStrategy: { Mode: 'STRICT' },
    };
    const id = `laketwin-${name}-${dashboard.id}`;
    // Nobody is let in: QuickSight shares an analysis only with the right to change it, which an administrator gives.
    this.resource('Analysis', `analysis-${dashboard.id}`, { AnalysisId: id, ...shared });
    this.resource('Dashboard', `dashboard-${dashboard.id}`, {
      DashboardId: id,
      ...shared,
      DashboardPublishOptions: {
        AdHocFilteringOption: { AvailabilityStatus: 'ENABLED' },
        ExportToCSVOption: { AvailabilityStatus: 'ENABLED' },
        SheetControlsOption: { VisibilityState: 'EXPANDED' },
      },
      Permissions: this.permissions(
        [...new Set<Reader>(['analysts', ...(dashboard.readers ?? [])])],
        ACTIONS.dashboard,
      ),
    });
  }

  private resource(type: string, id: string, properties: Readonly<Record<string, unknown>>): CfnResource {
    return new CfnResource(this, id, {
      type: `AWS::QuickSight::${type}`,
      properties: { AwsAccountId: this.account, ...properties },
    });
  }

  /** Groups are those of the region in which QuickSight keeps its users, which need not be the lake's. */
  private group(reader: Reader): string {
    const { identityRegion, groups } = this.#props.dashboards;
    return `arn:${this.partition}:quicksight:${identityRegion}:${this.account}:group/default/${groups[reader]}`;
  }

  private permissions(readers: readonly Reader[], actions: readonly string[]) {
    return readers.map((reader) => ({
      Principal: this.group(reader),
      Actions: actions.map((action) => `quicksight:${action}`),
    }));
  }
}

function arnOf(resource: CfnResource): string {
  return resource.getAtt('Arn').toString();
}
