import type { LakeResource } from '../lake-resources.ts';
import { type Draft, nothing } from '../line.ts';
import { GB, MIB } from '../month.ts';
import type { Service, Use } from '../service.ts';
import { gbKept } from '../traffic.ts';
import { callsOf } from './lambda.ts';

/** CloudWatch keeps logs compressed: 0.15 of what came in (Amazon CloudWatch pricing, its examples). */
const KEPT_SHARE = 0.15;

export const cloudwatch: Service = {
  name: 'CloudWatch',
  types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard', 'AWS::Logs::LogGroup', 'AWS::Logs::MetricFilter'],
  free: [
    'AWS::Logs::LogStream',
    'AWS::Logs::ResourcePolicy',
    'AWS::Logs::SubscriptionFilter',
    'AWS::Logs::QueryDefinition',
  ],
  drafts(use) {
    const { lake, volumes } = use;
    const alarms = lake.ofType('AWS::CloudWatch::Alarm');
    const metrics = alarms.reduce((all, alarm) => all + metricsOf(alarm), 0);
    const dashboards = lake.ofType('AWS::CloudWatch::Dashboard').length;
    const filters = lake.ofType('AWS::Logs::MetricFilter').length;
    return [
      {
        service: 'CloudWatch',
        item: 'alarms',
        price: 'cloudwatch.alarm',
        quantity: metrics,
        how: `metrics of ${alarms.length} alarms`,
      },
      {
        service: 'CloudWatch',
        item: 'dashboards',
        price: 'cloudwatch.dashboard',
        quantity: dashboards,
        how: 'dashboards of the templates',
      },
      {
        service: 'CloudWatch',
        item: 'custom metrics',
        price: 'cloudwatch.metric',
        quantity: filters + volumes.customMetrics,
        how: `${filters} metric filters + ${volumes.customMetrics} that functions write`,
      },
      ...logs(use),
    ];
  },
};

function metricsOf({ properties }: LakeResource): number {
  const parts: { MetricStat?: unknown }[] = properties.Metrics ?? [];
  return Math.max(1, parts.filter(({ MetricStat: stat }) => stat !== undefined).length);
}

function logs(use: Use): Draft[] {
  const { lake, volumes } = use;
  const groups = lake.ofType('AWS::Logs::LogGroup');
  if (groups.length === 0) return [nothing('CloudWatch', 'logs', 'no log group is synthesised')];
  const calls = lake.ofType('AWS::Lambda::Function').reduce((all, one) => all + callsOf(one, use).calls, 0);
  const runs = lake.ofType('AWS::Glue::Job').length * (volumes.jobs['*']?.runsPerMonth ?? 0);
  const bytes = calls * volumes.logs.bytesPerCall + runs * volumes.logs.mebibytesPerJobRun * MIB;
  const days = groups.map(({ properties }) => properties.RetentionInDays as number | undefined);
  const longest = days.includes(undefined) ? undefined : Math.max(...days.map(Number));
  const kept = longest === undefined ? 'for ever, for a log group says no retention' : `${longest} days`;
  return [
    {
      service: 'CloudWatch',
      item: 'logs taken in',
      price: 'cloudwatch.logs',
      quantity: bytes / GB,
      how: `(${calls.toFixed(0)} calls × ${volumes.logs.bytesPerCall} bytes + ${runs} job runs × ${volumes.logs.mebibytesPerJobRun} MB) in GB`,
    },
    {
      service: 'CloudWatch',
      item: 'logs kept',
      price: 'cloudwatch.logs-kept',
      quantity: gbKept(bytes, longest, volumes) * KEPT_SHARE,
      how: `${groups.length} log groups, kept ${kept}, in month ${volumes.ageMonths} of the lake, × ${KEPT_SHARE} compressed`,
      ...(longest === undefined ? { trap: 'logs without a retention grow for ever' } : {}),
    },
  ];
}
