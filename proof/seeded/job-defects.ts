import { everywhere, set } from './changes.ts';
import type { Defect } from './defect.ts';

const job = 'AWS::Glue::Job';
const security = 'AWS::Glue::SecurityConfiguration';
const schedule = 'AWS::Scheduler::Schedule';
const rule = 'AWS::Events::Rule';

export const jobDefects: readonly Defect[] = [
  {
    id: 'job-unsecured',
    weakens: 'Logs and files of a job lie without a key of the lake.',
    type: job,
    change: set('SecurityConfiguration'),
  },
  { id: 'job-endless', weakens: 'A hanging job is paid for two days.', type: job, change: set('Timeout') },
  { id: 'job-a-week', weakens: 'A hanging job is paid for a week.', type: job, change: set('Timeout', 10_080) },
  {
    id: 'job-tried-ten-times',
    weakens: 'A bad job is paid for eleven times.',
    type: job,
    change: set('MaxRetries', 10),
  },
  { id: 'job-retries-unsaid', weakens: 'Nobody says how often a job is tried.', type: job, change: set('MaxRetries') },
  {
    id: 'job-hundreds-of-workers',
    weakens: 'A job costs a hundred times as much.',
    type: job,
    change: set('NumberOfWorkers', 1000),
  },
  {
    id: 'job-unmeasured',
    weakens: 'The alarm on a job never rings.',
    type: job,
    change: everywhere('--enable-metrics', (it) => {
      it['--enable-metrics'] = 'false';
    }),
  },
  {
    id: 'job-unlogged',
    weakens: 'Nobody sees what a job does.',
    type: job,
    change: everywhere('--enable-continuous-cloudwatch-log', (it) => {
      delete it['--enable-continuous-cloudwatch-log'];
    }),
  },
  {
    id: 'job-fixed-workers',
    weakens: 'Idle workers are paid for.',
    type: job,
    change: everywhere('--enable-auto-scaling', (it) => {
      delete it['--enable-auto-scaling'];
    }),
  },
  {
    id: 'job-old-spark',
    weakens: 'A job runs on a Spark without repairs.',
    type: job,
    change: set('GlueVersion', '2.0'),
  },
  {
    id: 'job-twice-at-once',
    weakens: 'Two runs write the same tables.',
    type: job,
    change: set('ExecutionProperty.MaxConcurrentRuns', 10),
  },
  {
    id: 'job-secret',
    weakens: 'A password lies in the template.',
    type: job,
    change: everywhere('--job-language', (it) => {
      it['--database-password'] = 'Tr0ub4dor';
    }),
  },
  {
    id: 'job-bookmarks-unencrypted',
    weakens: 'Bookmarks lie in the clear.',
    type: security,
    place: /curate/,
    change: set('EncryptionConfiguration.JobBookmarksEncryption', { JobBookmarksEncryptionMode: 'DISABLED' }),
  },
  { id: 'schedule-off', weakens: 'Nothing is published any more.', type: schedule, change: set('State', 'DISABLED') },
  {
    id: 'schedule-tries-unsaid',
    weakens: 'A run is tried for a day.',
    type: schedule,
    change: set('Target.RetryPolicy'),
  },
  {
    id: 'schedule-no-key',
    weakens: 'What a schedule sends lies without a key of the lake.',
    type: schedule,
    change: set('KmsKeyArn'),
  },
  { id: 'rule-off', weakens: 'Drift is seen by nobody.', type: rule, change: set('State', 'DISABLED') },
  { id: 'rule-no-target', weakens: 'Drift is seen by nobody.', type: rule, change: set('Targets', []) },
];
