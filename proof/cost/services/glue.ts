import type { LakeResource } from '../lake-resources.ts';
import { type Draft, nothing } from '../line.ts';
import { runsPerMonth } from '../month.ts';
import type { Service, Use } from '../service.ts';

/** A crawler is charged for ten minutes at least, and takes two DPU (AWS Glue pricing, its example of a crawler). */
const CRAWLER_MINUTES = 10;
const CRAWLER_DPU = 2;
const JOB_MINUTES = 1;
/** DPU of a worker, by its type (AWS Glue developer guide, worker types). */
const DPU: Readonly<Record<string, number>> = {
  Standard: 1,
  'G.025X': 0.25,
  'G.1X': 1,
  'G.2X': 2,
  'G.4X': 4,
  'G.8X': 8,
  'G.12X': 12,
  'G.16X': 16,
  'R.1X': 1,
  'R.2X': 2,
  'R.4X': 4,
  'R.8X': 8,
};

export const glue: Service = {
  name: 'Glue',
  types: ['AWS::Glue::Crawler', 'AWS::Glue::Job', 'AWS::Glue::Table', 'AWS::Glue::Database'],
  free: [
    'AWS::Glue::SecurityConfiguration',
    'AWS::Glue::DataQualityRuleset',
    'AWS::Glue::Trigger',
    'AWS::Glue::Workflow',
  ],
  drafts(use) {
    const crawlers = use.lake.ofType('AWS::Glue::Crawler');
    const jobs = use.lake.ofType('AWS::Glue::Job');
    const objects = use.lake.ofType('AWS::Glue::Table').length + use.lake.ofType('AWS::Glue::Database').length;
    return [
      ...(crawlers.length === 0
        ? [nothing('Glue', 'crawlers', 'no crawler is synthesised')]
        : crawlers.map((one) => crawler(one, use))),
      ...(jobs.length === 0 ? [nothing('Glue', 'jobs', 'no job is synthesised')] : jobs.map((one) => job(one, use))),
      {
        service: 'Glue',
        item: 'catalog',
        price: 'glue.objects',
        quantity: objects / 100_000,
        how: `${objects} tables and databases; partitions are projected, so none is stored`,
      },
    ];
  },
};

function crawler({ name, properties }: LakeResource, { volumes }: Use): Draft {
  const schedule = properties.Schedule?.ScheduleExpression;
  if (typeof schedule !== 'string')
    return nothing('Glue', `crawler ${name}`, 'it has no schedule, so it runs when asked to');
  const runs = runsPerMonth(schedule);
  const minutes = Math.max(CRAWLER_MINUTES, volumes.crawlerMinutes);
  return {
    service: 'Glue',
    item: `crawler ${name}`,
    price: 'glue.dpu-hour',
    quantity: ((runs * minutes) / 60) * CRAWLER_DPU,
    how: `${runs} runs × ${minutes} minutes / 60 × ${CRAWLER_DPU} DPU`,
    trap: `a run of ${volumes.crawlerMinutes} minutes is charged as ${minutes}, for ${CRAWLER_MINUTES} are the least`,
  };
}

function job(resource: LakeResource, { volumes }: Use): Draft {
  const { name, properties } = resource;
  const { runsPerMonth: runs, minutesPerRun, workers: used } = useOf(resource, volumes.jobs);
  const minutes = Math.max(JOB_MINUTES, minutesPerRun);
  const most = properties.NumberOfWorkers ?? 10;
  const scales = properties.DefaultArguments?.['--enable-auto-scaling'] === 'true';
  const workers = scales ? Math.min(most, used) : most;
  const dpu =
    properties.WorkerType === undefined ? (properties.MaxCapacity ?? workers) : workers * dpuOf(properties.WorkerType);
  return {
    service: 'Glue',
    item: `job ${name}`,
    price: properties.ExecutionClass === 'FLEX' ? 'glue.flex-dpu-hour' : 'glue.dpu-hour',
    quantity: ((runs * minutes) / 60) * dpu,
    how: `${runs} runs × ${minutes} minutes / 60 × ${dpu} DPU, ${scales ? `${workers} of at most ${most} workers, as they scale` : 'all workers the whole time'}`,
    ...(minutes > minutesPerRun
      ? { trap: `a run of ${minutesPerRun} minutes is charged as ${JOB_MINUTES}, the least` }
      : {}),
  };
}

function useOf({ name, properties }: LakeResource, jobs: Use['volumes']['jobs']) {
  const called = `${name} ${typeof properties.Name === 'string' ? properties.Name : ''}`.toLowerCase();
  const [, found] = Object.entries(jobs).find(([part]) => part !== '*' && called.includes(part.toLowerCase())) ?? [];
  const use = found ?? jobs['*'];
  if (use === undefined)
    throw new Error(`volumes say nothing of the Glue job ${name}, expected a part of its name or '*' in jobs`);
  return use;
}

function dpuOf(worker: string): number {
  const dpu = DPU[worker];
  if (dpu === undefined)
    throw new Error(`worker type '${worker}' is not known, expected one of ${Object.keys(DPU).join(', ')}`);
  return dpu;
}
