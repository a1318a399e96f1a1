/** A data set in the words of CloudFormation, which are the SDK's. */
import type {
  ColumnLevelPermissionRule,
  CustomSql,
  DataPrepConfiguration,
  DataSetRefreshProperties,
  InputColumn,
  RowLevelPermissionConfiguration,
  SemanticModelConfiguration,
} from '@aws-sdk/client-quicksight';
import { type RuleSet, WHOLE_SET } from './row-rules.ts';
import { type SetColumn, type ShownSet, setSql } from './shown-set.ts';

export interface DataSetParts {
  readonly id: string;
  readonly dataSourceArn: string;
  readonly database: string;
  readonly columnRules: readonly ColumnLevelPermissionRule[];
  readonly rules: { readonly set: RuleSet; readonly arn: string } | undefined;
}

/** Days that an incremental refresh reads again: rolling figures of seven days, and bookings that come late. */
const LOOKBACK_DAYS = 35;

export function dataSetProperties(shown: ShownSet, { id, dataSourceArn, database, columnRules, rules }: DataSetParts) {
  const more = rules?.set.columns.includes(WHOLE_SET.name) ? [WHOLE_SET] : [];
  return {
    DataSetId: id,
    Name: shown.source,
    ImportMode: shown.isLive ? 'DIRECT_QUERY' : 'SPICE',
    ...tables(
      {
        DataSourceArn: dataSourceArn,
        Name: shown.source,
        SqlQuery: setSql(shown, database, more),
        Columns: inputColumns([...shown.columns, ...more]),
      },
      rules?.arn,
    ),
    ...(columnRules.length === 0 ? {} : { ColumnLevelPermissionRules: columnRules }),
    ...(isIncremental(shown) ? { DataSetRefreshProperties: lookback(shown.timeColumn) } : {}),
  };
}

export function isIncremental(shown: ShownSet): shown is ShownSet & { readonly timeColumn: string } {
  return !shown.isLive && shown.timeColumn !== undefined;
}

/** The rules themselves, kept in memory: they change by deployment alone. */
export function ruleSetProperties({ name, columns, sql }: RuleSet, DataSetId: string, DataSourceArn: string) {
  const texts = ['GroupName', ...columns].map((column) => ({ name: column, type: 'STRING' as const }));
  return {
    DataSetId,
    Name: name,
    ImportMode: 'SPICE',
    UseAs: 'RLS_RULES',
    ...tables({ DataSourceArn, Name: name, SqlQuery: sql, Columns: inputColumns(texts) }, undefined),
  };
}

function inputColumns(columns: readonly Pick<SetColumn, 'name' | 'type'>[]): InputColumn[] {
  return columns.map(({ name, type }) => ({ Id: name, Name: name, Type: type }));
}

/** The query as it is, without steps of preparation: what is prepared is prepared in SQL. */
function tables(sql: CustomSql, rulesArn: string | undefined) {
  const [query, taken, prepared] = ['query', 'taken', 'prepared'];
  const Alias = String(sql.Name);
  const prep: DataPrepConfiguration = {
    SourceTableMap: { [query]: { PhysicalTableId: query } },
    TransformStepMap: { [taken]: { ImportTableStep: { Alias, Source: { SourceTableId: query } } } },
    DestinationTableMap: { [prepared]: { Alias, Source: { TransformOperationId: taken } } },
  };
  const guard = rulesArn === undefined ? {} : { RowLevelPermissionConfiguration: guardedBy(rulesArn) };
  const model: SemanticModelConfiguration = {
    TableMap: { [prepared]: { Alias, DestinationTableId: prepared, ...guard } },
  };
  return {
    PhysicalTableMap: { [query]: { CustomSql: sql } },
    DataPrepConfiguration: prep,
    SemanticModelConfiguration: model,
  };
}

function guardedBy(Arn: string): RowLevelPermissionConfiguration {
  return {
    RowLevelPermissionDataSet: {
      Arn,
      Namespace: 'default',
      PermissionPolicy: 'GRANT_ACCESS',
      FormatVersion: 'VERSION_1',
      Status: 'ENABLED',
    },
  };
}

function lookback(ColumnName: string): DataSetRefreshProperties {
  return {
    RefreshConfiguration: {
      IncrementalRefresh: { LookbackWindow: { ColumnName, Size: LOOKBACK_DAYS, SizeUnit: 'DAY' } },
    },
  };
}

export interface Schedule {
  readonly ScheduleId: string;
  readonly RefreshType: 'FULL_REFRESH' | 'INCREMENTAL_REFRESH';
  readonly ScheduleFrequency: Readonly<Record<string, unknown>>;
}

const AT_NIGHT = { TimeOfTheDay: '05:00', TimeZone: 'Europe/Paris' };

/**
 * Each night, for days without a publication, which reads them anew itself. Where only new days are read, all are once
 * a week, because rows of long ago may be withdrawn.
 */
export function schedules(shown: Pick<ShownSet, 'isLive' | 'timeColumn'>): Schedule[] {
  if (shown.isLive) return [];
  const nightly = (RefreshType: Schedule['RefreshType']): Schedule => ({
    ScheduleId: 'nightly',
    RefreshType,
    ScheduleFrequency: { Interval: 'DAILY', ...AT_NIGHT },
  });
  if (shown.timeColumn === undefined) return [nightly('FULL_REFRESH')];
  return [
    nightly('INCREMENTAL_REFRESH'),
    {
      ScheduleId: 'weekly',
      RefreshType: 'FULL_REFRESH',
      ScheduleFrequency: {
        Interval: 'WEEKLY',
        RefreshOnDay: { DayOfWeek: 'SUNDAY' },
        ...AT_NIGHT,
        TimeOfTheDay: '06:00',
      },
    },
  ];
}
