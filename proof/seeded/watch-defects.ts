import { everywhere, gone, set } from './changes.ts';
import type { Defect } from './defect.ts';

const logs = 'AWS::Logs::LogGroup';
const filter = 'AWS::Logs::MetricFilter';
const alarm = 'AWS::CloudWatch::Alarm';
/** A function that is held back shows in the age of its queue as well. */
const NEEDED = /^(?!.*Throttles)/;

export const watchDefects: readonly Defect[] = [
  { id: 'logs-for-ever', weakens: 'Logs are never gone.', type: logs, change: set('RetentionInDays') },
  { id: 'logs-no-key', weakens: 'Logs lie without a key of the lake.', type: logs, change: set('KmsKeyId') },
  {
    id: 'logs-deleted',
    weakens: 'Logs go with their stack.',
    type: logs,
    change: (it) => {
      it.DeletionPolicy = 'Delete';
    },
  },
  { id: 'alarm-gone', weakens: 'Nobody is told of a failure.', type: alarm, place: NEEDED, change: gone },
  { id: 'alarm-tells-nobody', weakens: 'Nobody is told of a failure.', type: alarm, change: set('AlarmActions') },
  { id: 'alarm-off', weakens: 'Nobody is told of a failure.', type: alarm, change: set('ActionsEnabled', false) },
  { id: 'alarm-undescribed', weakens: 'Nobody knows what to do.', type: alarm, change: set('AlarmDescription') },
  {
    id: 'alarm-unknown-heading',
    weakens: 'Nobody knows what to do.',
    type: alarm,
    change: set('AlarmDescription', 'docs/runbook.md: Something is wrong'),
  },
  {
    id: 'alarm-reversed',
    weakens: 'It rings when all is well.',
    type: alarm,
    change: set('ComparisonOperator', 'LessThanThreshold'),
  },
  {
    id: 'alarm-other-thing',
    weakens: 'It watches what is not there.',
    type: alarm,
    change: set('Dimensions.0.Value', 'another-thing'),
  },
  { id: 'alarm-no-dimension', weakens: 'It watches nothing in particular.', type: alarm, change: set('Dimensions') },
  {
    id: 'alarm-misspelt-metric',
    weakens: 'It watches a metric that is never sent.',
    type: alarm,
    change: everywhere('MetricName', (it) => {
      it.MetricName = `${it.MetricName}s`;
    }),
  },
  {
    id: 'alarm-after-ten-days',
    weakens: 'It rings ten days late.',
    type: alarm,
    change: set('EvaluationPeriods', 2880),
  },
  {
    id: 'alarm-misspelt-namespace',
    weakens: 'It watches a metric that is never sent.',
    type: alarm,
    change: everywhere('Namespace', (it) => {
      it.Namespace = `${it.Namespace}s`;
    }),
  },
  {
    id: 'alarm-at-a-million',
    weakens: 'It rings when all is lost.',
    type: alarm,
    place: /Errors|Failed/,
    change: set('Threshold', 1_000_000),
  },
  { id: 'filter-gone', weakens: 'The alarm on a share counts nothing.', type: filter, place: /Compare/, change: gone },
  {
    id: 'filter-renamed',
    weakens: 'What is counted is watched by nobody.',
    type: filter,
    change: set('MetricTransformations.0.MetricName', 'SomethingElse'),
  },
];
