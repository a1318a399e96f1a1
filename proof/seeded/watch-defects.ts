import { gone, set } from './changes.ts';
import type { Defect } from './defect.ts';

const logs = 'AWS::Logs::LogGroup';
const alarm = 'AWS::CloudWatch::Alarm';

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
  { id: 'alarm-gone', weakens: 'Nobody is told of a failure.', type: alarm, change: gone },
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
    change: (it) => {
      if (it.Properties) it.Properties.MetricName = `${it.Properties.MetricName}s`;
    },
  },
  {
    id: 'alarm-after-ten-days',
    weakens: 'It rings ten days late.',
    type: alarm,
    change: set('EvaluationPeriods', 2880),
  },
];
