/**
 * Who may do what in the lake, as it is meant: whatever is not said here, nobody may. `docs/access.md` is made from it,
 * and every cell of the access matrix is compared with it.
 */
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { ZONES } from '../../core/ports.ts';
import { datasets } from '../../datasets/index.ts';
import { candidateTables, catalogTables, checksTable, ledgerTable } from '../../lib/catalog-tables.ts';
import { curatedTables } from '../../lib/curated-tables.ts';
import { deployedViews, ledgerViews } from '../../lib/deployed-views.ts';
import { PEOPLE } from '../../lib/stacks/access-stack.ts';

/** What one role or service is meant to do. Places are `zone/prefix`, and hold for whatever lies under them. */
export interface Rights {
  /** `Access/Marketing`, or the name of a service of AWS. */
  readonly who: string;
  readonly kind: 'people' | 'pipeline' | 'service';
  /** What it is there for, in a few words. */
  readonly purpose: string;
  /** Service that takes the role on; people take theirs on themselves. */
  readonly takenOnBy?: string;
  /**
   * Whether its trust names no account. The service then takes it on for whoever handed it over (`iam:PassRole`), which
   * only users of the role's own account can.
   */
  readonly trustsAnyAccount?: boolean;
  /** Whether it is there in some environments alone. */
  readonly isOptional?: boolean;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly removes?: readonly string[];
  /** Names of objects under a prefix; all names of the zone where no prefix is said. */
  readonly lists?: readonly string[];
  /** Keys used for something else than the objects above. */
  readonly keys?: readonly string[];
  /** Tables of the catalog whose columns it sees, as `database/table`. */
  readonly tables?: readonly string[];
  readonly workGroups?: readonly string[];
  readonly parameters?: readonly string[];
  readonly receives?: readonly string[];
  readonly sends?: readonly string[];
  readonly publishes?: readonly string[];
}

/** Everything that is meant to be allowed. */
export function declaredRights(): Rights[] {
  return [...people(), ...catalog(), ...datasets.flatMap(pipelineOf), ...learning(), trail, ...services()];
}

/** Prefixes that somebody named: the matrix asks everyone for them. */
export function declaredPlaces(rights: readonly Rights[]): string[] {
  const named = rights.flatMap(({ reads = [], writes = [], removes = [], lists = [] }) => [
    ...[...reads, ...writes, ...removes, ...lists].filter((place) => place.includes('/')),
  ]);
  return [...new Set([...named, ...CLOSED])];
}

/** Nobody reads what was archived, and nobody but the trail touches the audit files. */
const CLOSED = ['archives/any-dataset', 'audit/AWSLogs'];

/** A person's reads stand in the stack alone; here is what comes with them. */
function people(): Rights[] {
  return Object.entries(PEOPLE).map(([name, person]): Rights => {
    const reads = ZONES.flatMap((zone) =>
      datasets.flatMap((plan) => person.reads(zone, plan).map((prefix) => `${zone}/${prefix}`)),
    );
    const results = `query-results/${person.workGroup}`;
    return {
      who: `Access/${name}`,
      kind: 'people',
      purpose: person.description,
      reads: [...reads, results],
      lists: [...reads, results],
      writes: [results],
      tables: tablesOver(reads).map((table) => `laketwin/${table}`),
      workGroups: [`laketwin-${person.workGroup}`],
    };
  });
}

/** Tables whose every file may be read, and views over nothing else. */
function tablesOver(reads: readonly string[]): string[] {
  const known = [...datasets.flatMap(catalogTables), ledgerTable, checksTable];
  const isRead = (folder: string) => reads.some((place) => `${place}/`.startsWith(folder));
  const tables = known.filter(({ zone, prefix }) => isRead(`${zone}/${prefix}`)).map(({ name }) => name);
  return [...tables, ...datasets.flatMap(({ name }) => deployedViews(name, tables)).map(({ name }) => name)];
}

const lambda = { kind: 'pipeline', takenOnBy: 'lambda.amazonaws.com', trustsAnyAccount: true } as const;
const glue = { kind: 'pipeline', takenOnBy: 'glue.amazonaws.com' } as const;

function catalog(): Rights[] {
  const tables = datasets.flatMap((plan) => curatedTables(plan).map(({ name }) => name));
  const known = [...datasets.flatMap(catalogTables), ledgerTable, checksTable].map(({ name }) => name);
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

function pipelineOf(plan: DatasetPlan): Rights[] {
  return [...ingestionOf(plan), ...curationOf(plan)];
}

/** One function converts the files of all datasets; a stream has its own. */
function ingestionOf({ name }: DatasetPlan): Rights[] {
  const notes = [`processed/ledger/${name}`, `processed/_refused/${name}`];
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
      who: `Ingestion/${name}-transformRole`,
      purpose: 'Cleans the records of the stream.',
      isOptional: true,
      reads: [`processed/ledger/${name}`],
      lists: ['processed'],
      writes: [`processed/${name}`, `processed/ledger/${name}`, `rejected/${name}`],
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

function learning(): Rights[] {
  const [features, models, scores] = ['features', 'models', 'scores'].map((folder) => `curated/${folder}/bookings`) as [
    string,
    string,
    string,
  ];
  return [
    {
      kind: 'pipeline',
      takenOnBy: 'sagemaker.amazonaws.com',
      who: 'Learning/TrainingRole',
      purpose: 'Trainings and scorings: features come in, models and scores go out.',
      reads: [features, models],
      lists: [features, models, scores],
      writes: [models, scores],
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
      reads: ['curated/bookings', 'curated/_manifests/bookings'],
      lists: ['curated'],
      writes: [features],
    },
    {
      ...lambda,
      who: 'Learning/GuardRole',
      purpose: 'Removes an endpoint that nobody calls; touches no zone.',
      isOptional: true,
    },
  ];
}

const trail: Rights = {
  kind: 'pipeline',
  who: 'Observability/Audit/Trail/LogsRole',
  takenOnBy: 'cloudtrail.amazonaws.com',
  trustsAnyAccount: true,
  purpose: 'Sends the audit trail to its log; touches no zone.',
};

/** What AWS does in its own name, for this account alone. */
function services(): Rights[] {
  const logged = ['Raw', 'Processed', 'Curated', 'Rejected', 'Archives', 'QueryResults', 'Files'];
  return [
    {
      who: 'logging.s3.amazonaws.com',
      kind: 'service',
      purpose: 'Writes a line for each request to a bucket.',
      writes: logged.map((name) => `access-logs/${name}`),
    },
    {
      who: 'cloudtrail.amazonaws.com',
      kind: 'service',
      purpose: 'Writes who asked AWS for what.',
      writes: ['audit/AWSLogs/<account>'],
    },
    {
      who: 's3.amazonaws.com',
      kind: 'service',
      purpose: 'Tells the pipeline of new files.',
      sends: ['Storage/RawObjects/Messages', 'Storage/DeliveredFiles/Messages'],
    },
    {
      who: 'events.amazonaws.com',
      kind: 'service',
      purpose: 'Keeps what it could not tell a function.',
      sends: ['Catalog/Uncompared', 'Learning/Unguarded'],
    },
    { who: 'cloudwatch.amazonaws.com', kind: 'service', purpose: 'Sends alarms.', publishes: ['Alerts/Alerts'] },
  ];
}
