/**
 * Who may do what in the lake, as it is meant: whatever is not said here, nobody may. `docs/access.md` is made from it,
 * and every cell of the access matrix is compared with it.
 */
import { ZONES } from '../../core/ports.ts';
import { datasets } from '../../datasets/index.ts';
import { catalogTables, sharedTables } from '../../lib/catalog-tables.ts';
import { deployedViews } from '../../lib/deployed-views.ts';
import { PEOPLE, resultsOf } from '../../lib/stacks/access-stack.ts';
import {
  alertRights,
  catalogRights,
  learningRights,
  pipelineRights,
  reportRights,
  trailRights,
} from './pipeline-rights.ts';
import type { Rights } from './rights.ts';

/** Everything that is meant to be allowed. */
export function declaredRights(): Rights[] {
  return [
    ...people(),
    ...catalogRights(),
    ...datasets.flatMap(pipelineRights),
    ...learningRights(),
    ...alertRights(),
    ...reportRights(),
    trailRights,
    ...services(),
  ];
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
    const results = resultsOf(person);
    const inResults = (prefixes: readonly string[]) => prefixes.map((prefix) => `query-results/${prefix}`);
    return {
      who: `Access/${name}`,
      kind: 'people',
      purpose: person.description,
      reads: [...reads, ...inResults(results.reads)],
      lists: [...reads, ...inResults(results.reads)],
      writes: inResults(results.writes),
      tables: tablesOver(reads).map((table) => `laketwin/${table}`),
      workGroups: [`laketwin-${person.workGroup}`],
    };
  });
}

/** Tables whose every file may be read, and views over nothing else. */
function tablesOver(reads: readonly string[]): string[] {
  const known = [...datasets.flatMap(catalogTables), ...sharedTables];
  const isRead = (folder: string) => reads.some((place) => `${place}/`.startsWith(folder));
  const tables = known.filter(({ zone, prefix }) => isRead(`${zone}/${prefix}`)).map(({ name }) => name);
  return [...tables, ...datasets.flatMap(({ name }) => deployedViews(name, tables)).map(({ name }) => name)];
}

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
      sends: [
        'Catalog/Uncompared',
        'Learning/Unguarded',
        'Learning/Feedback/Uncalled',
        'Alerts/Evaluation/Unevaluated',
        'Reports/Unordered',
      ],
    },
    {
      who: 'sns.amazonaws.com',
      kind: 'service',
      purpose: 'Keeps what it could not tell the function that sends to a chat.',
      sends: ['Alerts/Chat/Unsent'],
    },
    { who: 'cloudwatch.amazonaws.com', kind: 'service', purpose: 'Sends alarms.', publishes: ['Alerts/Alerts'] },
  ];
}
