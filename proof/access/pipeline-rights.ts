/** What the functions, jobs and machines of the lake may do, as it is meant. */
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { bookingScores } from '../../core/model/score-tables.ts';
import { alertSets } from '../../datasets/alerts.ts';
import { modelTables } from '../../datasets/features.ts';
import { datasets } from '../../datasets/index.ts';
import { alertReads } from '../../lib/alert-reads.ts';
import { candidateTables, catalogTables, sharedTables } from '../../lib/catalog-tables.ts';
import { curatedTables } from '../../lib/curated-tables.ts';
import { deployedViews, ledgerViews } from '../../lib/deployed-views.ts';
import { reportReads, reportRoles } from '../../lib/report-reads.ts';
import type { Rights } from './rights.ts';

const lambda = { kind: 'pipeline', takenOnBy: 'lambda.amazonaws.com', trustsAnyAccount: true } as const;
const glue = { kind: 'pipeline', takenOnBy: 'glue.amazonaws.com' } as const;

/** Those who look at the catalog. */
export function catalogRights(): Rights[] {
  const tables = datasets.flatMap((plan) => curatedTables(plan).map(({ name }) => name));
  const known = [...datasets.flatMap(catalogTables), ...sharedTables].map(({ name }) => name);
  const views = datasets.flatMap(({ name }) => deployedViews(name, known)).map(({ name }) => name);
  return [
    {
      ...glue,
      who: 'Catalog/Crawlers/RawRole',
      purpose: 'Looks at raw files, to say what columns they have.',
      reads: datasets.map(({ name }) => `raw/${name}`),
      lists: datasets.map(({ name }) => `raw/${name}`),
      tables: ['laketwin_crawled/raw_*'],
    },
    {
      ...glue,
      who: 'Catalog/Crawlers/CuratedRole',
      purpose: 'Looks at curated files, to say what columns they have.',
      reads: tables.map((name) => `curated/${name}`),
      lists: tables.map((name) => `curated/${name}`),
      tables: ['laketwin_crawled/curated_*'],
    },
    {
      ...lambda,
      who: 'Catalog/CompareRole',
      purpose: 'Compares the columns that the crawlers saw with the contracts; sees no row.',
      tables: [
        ...[...known, ...views].map((name) => `laketwin/${name}`),
        ...['laketwin_crawled/raw_*', 'laketwin_crawled/curated_*'],
      ],
    },
  ];
}

/** Those who take in, settle and publish a dataset. */
export function pipelineRights(plan: DatasetPlan): Rights[] {
  return [...ingestionOf(plan), ...curationOf(plan)];
}

/** One function converts the files of all datasets; a stream has its own. */
function ingestionOf({ name }: DatasetPlan): Rights[] {
  const ledger = `processed/ledger/${name}`;
  const large = `processed/_large/${name}`;
  const notes = [ledger, `processed/_refused/${name}`, large];
  const parameters = ['/laketwin/pseudonym-key'];
  return [
    {
      ...lambda,
      who: 'Ingestion/ConvertRole',
      purpose: 'Turns raw files into processed and rejected rows.',
      reads: [`raw/${name}`, ...notes],
      lists: ['raw', 'processed'],
      writes: [`processed/${name}`, `rejected/${name}`, ...notes],
      parameters,
      receives: ['Storage/RawObjects/Messages'],
    },
    {
      ...lambda,
      who: 'Ingestion/ReprocessRole',
      purpose: 'Converts raw files again, tries rejected rows again, and removes what that replaces.',
      reads: [`raw/${name}`, `processed/${name}`, ledger, `rejected/${name}`, 'curated/_runs'],
      lists: ['raw', 'processed', 'rejected', 'curated'],
      writes: [`processed/${name}`, ledger, large, `rejected/${name}`, 'curated/_runs'],
      removes: [`processed/${name}`, ledger, `rejected/${name}`],
      parameters,
    },
    {
      ...lambda,
      who: 'Ingestion/TakeLargeRole',
      purpose: 'Frames raw files that are too large for one function, and enters what Spark made of them.',
      reads: [`raw/${name}`, large, ledger],
      lists: ['raw', 'processed', 'rejected'],
      writes: [`raw/_frames/${name}`, ...notes, `rejected/${name}`],
      removes: [`raw/_frames/${name}`, large, ledger, `processed/${name}`, `rejected/${name}`],
    },
    {
      ...lambda,
      who: `Ingestion/${name}-transformRole`,
      purpose: 'Cleans the records of the stream.',
      isOptional: true,
      reads: [`processed/ledger/${name}`],
      lists: ['processed'],
      writes: [`processed/${name}`, `processed/ledger/${name}`, `rejected/${name}`],
      parameters,
    },
    {
      ...lambda,
      who: `Ingestion/${name}-scoring-transformRole`,
      purpose: 'Cleans the records of the stream, and scores the rows.',
      isOptional: true,
      reads: [`processed/ledger/${name}`, `curated/models/${name}`],
      lists: ['processed', 'curated'],
      writes: [
        ...[`processed/${name}`, `processed/ledger/${name}`, `rejected/${name}`],
        ...modelTables(name).flatMap((table) => (table === bookingScores ? [`curated/${table.name}`] : [])),
      ],
      parameters,
    },
    {
      kind: 'pipeline',
      takenOnBy: 'firehose.amazonaws.com',
      who: `Ingestion/${name}-stream/Role`,
      purpose: 'Keeps the records of the stream as they came, and delivers the cleaned rows.',
      isOptional: true,
      reads: [`raw/_stream/${name}`, `processed/${name}`, `processed/_errors/${name}`],
      lists: ['raw', 'processed'],
      writes: [`raw/_stream/${name}`, `processed/${name}`, `processed/_errors/${name}`],
      tables: [`laketwin/processed_${name}`],
    },
    {
      ...lambda,
      who: 'Ingestion/RegisterRole',
      purpose: 'Notes in the ledger what the stream delivered.',
      isOptional: true,
      reads: [`processed/${name}`, `processed/ledger/${name}`],
      lists: ['processed'],
      writes: [`processed/ledger/${name}`],
      receives: ['Storage/DeliveredFiles/Messages'],
    },
  ];
}

function curationOf(plan: DatasetPlan): Rights[] {
  const { name } = plan;
  const tables = curatedTables(plan).map((table) => table.name);
  const files = tables.map((table) => `curated/${table}`);
  const manifests = tables.map((table) => `curated/_manifests/${table}`);
  const lists = tables.map((table) => `curated/published/${table}`);
  const checked = candidateTables(plan).map((table) => table.name);
  const candidates = checked.map((table) => `curated/candidate/${table}`);
  const views = ledgerViews().map((view) => view.name);
  const runs = 'curated/_runs';
  const results = 'query-results/pipelines';
  const convertLarge = [name, `_drafts/${name}`, `_large/${name}`].map((prefix) => `processed/${prefix}`);
  return [
    {
      ...glue,
      who: `Processing/${name}-curate/Role`,
      purpose: 'The Spark job that makes curated files from processed ones.',
      reads: [`processed/${name}`, runs, ...files],
      lists: ['processed', 'curated'],
      writes: [runs, ...files],
      removes: [runs, ...files],
    },
    {
      ...glue,
      who: `Processing/${name}-convert-large/Role`,
      purpose: 'The Spark job that reads raw files which are too large for one function.',
      reads: [`raw/_frames/${name}`, ...convertLarge],
      lists: ['raw', 'processed'],
      writes: convertLarge,
      removes: convertLarge,
      parameters: ['/laketwin/pseudonym-key'],
    },
    {
      ...lambda,
      who: `Processing/${name}-planRole`,
      purpose: 'Finds out from the ledger what is to be curated.',
      reads: [`processed/ledger/${name}`, runs, ...manifests],
      lists: ['processed', 'curated'],
      writes: [runs, ...lists, ...candidates],
    },
    {
      ...lambda,
      who: `Processing/${name}-stageRole`,
      purpose: 'Lays out the next publication for its checks.',
      reads: [runs, ...manifests],
      lists: ['curated'],
      writes: [runs, ...candidates],
    },
    {
      ...lambda,
      who: `Processing/${name}-publishRole`,
      purpose: 'Publishes curated files that passed, and removes what nobody reads any more.',
      reads: [runs, ...manifests],
      lists: ['curated'],
      writes: [runs, ...manifests, ...lists, `curated/checks/${name}`],
      removes: [...files, ...manifests],
    },
    {
      ...lambda,
      who: `Processing/${name}-recordRole`,
      purpose: 'Keeps what each run did.',
      reads: [runs],
      lists: ['curated'],
      writes: [`curated/runs/${name}`],
    },
    {
      kind: 'pipeline',
      takenOnBy: 'states.amazonaws.com',
      who: `Processing/${name}-curation/Role`,
      purpose: 'The machine that drives curation and asks Athena for its checks.',
      reads: [`processed/${name}`, `rejected/${name}`, ...files, ...candidates, results],
      lists: [`processed/${name}`, `rejected/${name}`, ...files, ...candidates, results],
      writes: [results],
      tables: [...checked, ...views].map((table) => `laketwin_candidate/${table}`),
      workGroups: ['laketwin-pipelines'],
      publishes: ['Alerts/Alerts'],
    },
    {
      kind: 'pipeline',
      takenOnBy: 'scheduler.amazonaws.com',
      who: `Processing/${name}-curation/ScheduleRole`,
      purpose: 'Starts the machine at its times.',
      sends: [`Processing/${name}-curation/Unstarted`],
    },
  ];
}

/** Those who train and score. */
export function learningRights(): Rights[] {
  const [features, trainings, models] = ['features', 'trainings', 'models'].map(
    (folder) => `curated/${folder}/bookings`,
  ) as [string, string, string];
  const outputs = `${trainings}/*/output`;
  const published = ['curated/bookings', 'curated/_manifests/bookings'];
  const scores = ['booking_scores', 'model_metrics', 'model_drift'].map((table) => `curated/${table}`);
  return [
    {
      kind: 'pipeline',
      takenOnBy: 'sagemaker.amazonaws.com',
      who: 'Learning/TrainingRole',
      purpose: 'Trainings: features come in, models that nobody has judged go out.',
      reads: [features, outputs],
      lists: [features, trainings],
      writes: [outputs],
    },
    {
      kind: 'pipeline',
      takenOnBy: 'states.amazonaws.com',
      who: 'Learning/Learning/Role',
      purpose: 'The machine that drives trainings; touches no zone itself.',
      publishes: ['Alerts/Alerts'],
    },
    {
      kind: 'pipeline',
      takenOnBy: 'scheduler.amazonaws.com',
      who: 'Learning/Learning/ScheduleRole',
      purpose: 'Starts the machine at its times.',
      sends: ['Learning/Learning/Unstarted'],
    },
    {
      ...lambda,
      who: 'Learning/PrepareRole',
      purpose: 'Makes features of published rows.',
      reads: published,
      lists: ['curated'],
      writes: [features],
    },
    {
      ...lambda,
      who: 'Learning/JudgeRole',
      purpose: 'Judges what was trained, beside the champion; publishes nothing.',
      reads: [...published, features, trainings, models],
      lists: ['curated'],
      writes: [trainings],
    },
    {
      ...lambda,
      who: 'Learning/ScoreRole',
      purpose: 'Scores published bookings.',
      reads: [...published, trainings, models, ...scores],
      lists: ['curated'],
      writes: scores,
    },
    {
      ...lambda,
      who: 'Learning/PublishRole',
      purpose: 'Makes what the gate let through the champion, and retires older versions.',
      reads: [trainings, models],
      lists: ['curated'],
      writes: [models],
      removes: [models],
    },
    {
      ...lambda,
      who: 'Learning/GuardRole',
      purpose: 'Removes an endpoint that nobody calls; touches no zone.',
      isOptional: true,
    },
  ];
}

/** Everything that can be asked of the catalog. */
function wholeCatalog() {
  const tables = [...datasets.flatMap(catalogTables), ...sharedTables];
  const names = tables.map(({ name }) => name);
  return { tables, views: datasets.flatMap(({ name }) => deployedViews(name, names)) };
}

/** Those who find out that something is wrong, and tell people. */
export function alertRights(): Rights[] {
  const asked = alertReads(wholeCatalog());
  const reads = (['processed', 'rejected', 'curated'] as const).flatMap((zone) =>
    asked.prefixes[zone].map((prefix) => `${zone}/${prefix}`),
  );
  const states = alertSets.map(({ dataset }) => `curated/alerts/${dataset}`);
  const results = 'query-results/pipelines';
  return [
    {
      ...lambda,
      who: 'Alerts/Evaluation/EvaluateRole',
      purpose: 'Asks Athena whether an alert is to be raised or cleared.',
      reads: [...reads, ...states, results],
      lists: [...reads, 'curated', results],
      writes: [...states, results],
      tables: asked.relations.map((name) => `laketwin/${name}`),
      workGroups: ['laketwin-pipelines'],
      publishes: ['Alerts/Alerts'],
    },
    {
      ...lambda,
      who: 'Alerts/Chat/NotifyRole',
      purpose: 'Sends what the topic says to a chat; sees no row.',
      isOptional: true,
      reads: ['curated/alerts/sent'],
      lists: ['curated'],
      writes: ['curated/alerts/sent'],
      parameters: ['/laketwin/alert-webhook'],
      sends: ['Alerts/Chat/Unsent'],
    },
  ];
}

/** Those who make reports. */
export function reportRights(): Rights[] {
  const asked = reportReads(wholeCatalog());
  const reads = asked.prefixes.curated.map((prefix) => `curated/${prefix}`);
  const folders = reportRoles().map(({ folder }) => `query-results/${folder}`);
  const results = ['query-results/dashboards', ...folders];
  return [
    {
      ...lambda,
      who: 'Reports/ReportRole',
      purpose: 'Asks Athena what reports show, lays them beside the results, and tells who waits for them.',
      isOptional: true,
      reads: [...reads, ...results],
      lists: [...reads, ...results],
      writes: results,
      removes: folders,
      tables: asked.relations.map((name) => `laketwin/${name}`),
      workGroups: ['laketwin-dashboards'],
      publishes: [...new Set(reportRoles().map(({ role }) => `Reports/${role}`))],
    },
  ];
}

/** Who logs what AWS was asked for. */
export const trailRights: Rights = {
  kind: 'pipeline',
  who: 'Observability/Audit/Trail/LogsRole',
  takenOnBy: 'cloudtrail.amazonaws.com',
  trustsAnyAccount: true,
  purpose: 'Sends the audit trail to its log; touches no zone.',
};
