import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import { ZONES, type Zone } from '../../core/ports.ts';
import { modelTables } from '../../datasets/features.ts';
import { datasets } from '../../datasets/index.ts';
import type { WorkGroupName } from '../athena-names.ts';
import { catalogTables, sharedTables } from '../catalog-tables.ts';
import { curatedTables } from '../curated-tables.ts';
import { deployedViews } from '../deployed-views.ts';
import type { Environment } from '../environments.ts';
import { reportRoles } from '../report-reads.ts';
import { listStatement, locateStatement, readStatement, writeStatement } from '../statements.ts';
import type { AnalyticsStack } from './analytics-stack.ts';
import type { CatalogStack } from './catalog-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface AccessStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly catalog: CatalogStack;
  readonly analytics: AnalyticsStack;
}

interface Person {
  readonly description: string;
  readonly workGroup: WorkGroupName;
  /** Prefixes of each zone that may be read. */
  readonly reads: (zone: Zone, plan: DatasetPlan) => readonly string[];
  /** Roles whose reports may be read. */
  readonly reports: readonly string[];
}

/** The people of the lake and what each may read; nobody may write data by hand. */
export const PEOPLE: Readonly<Record<string, Person>> = {
  DataEngineer: {
    description: 'Reads every zone and the ledger, to find out what went wrong.',
    workGroup: 'pipelines',
    reads: (zone, plan) => ENGINEERS[zone](plan),
    reports: [],
  },
  DataAnalyst: {
    description: 'Reads processed and curated rows.',
    workGroup: 'analysts',
    reads: (zone, plan) => {
      if (zone === 'processed') return [plan.name, `ledger/${plan.name}`];
      const kept = [`checks/${plan.name}`, `runs/${plan.name}`];
      return zone === 'curated' ? [...published(tableNames(plan)), ...foretold(plan), ...kept] : [];
    },
    reports: ['marketing', 'direction'],
  },
  Marketing: {
    description: 'Reads curated tables without a pseudonym or a sensitive column.',
    workGroup: 'dashboards',
    reads: (zone, plan) => (zone === 'curated' ? [...published(impersonal(plan)), ...foretold(plan)] : []),
    reports: ['marketing'],
  },
  Direction: {
    description: 'Reads curated tables without a pseudonym or a sensitive column.',
    workGroup: 'dashboards',
    reads: (zone, plan) => (zone === 'curated' ? [...published(impersonal(plan)), ...foretold(plan)] : []),
    reports: ['direction'],
  },
};

/** Prefixes of the bucket of query results that the person may read, and of those the ones to write under. */
export function resultsOf({ workGroup, reports }: Person) {
  const folders = reportRoles().flatMap(({ role, folder }) => (reports.includes(role) ? [folder] : []));
  return { reads: [workGroup, ...folders], writes: [workGroup] };
}

const ENGINEERS: Readonly<Record<Zone, (plan: DatasetPlan) => readonly string[]>> = {
  raw: ({ name }) => [name, `_stream/${name}`],
  processed: ({ name }) => [name, `ledger/${name}`],
  curated: (plan) => {
    const tables = tableNames(plan);
    const own = ['_runs', `runs/${plan.name}`, ...published(tables), ...foretold(plan)];
    return [...own, ...tables.flatMap((name) => [`candidate/${name}`, `_manifests/${name}`])];
  },
  rejected: ({ name }) => [name],
};

/** Who may read what: a role a kind of person, taken on by users of the account who proved a second factor. */
export class AccessStack extends Stack {
  constructor(scope: Construct, id: string, { storage, catalog, analytics, ...props }: AccessStackProps) {
    super(scope, id, props);
    for (const [name, person] of Object.entries(PEOPLE)) {
      const role = new Role(this, name, {
        description: person.description,
        assumedBy: new AccountRootPrincipal().withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        maxSessionDuration: Duration.hours(8),
      });
      const tables = this.addReads(role, person, storage);
      if (tables.length === 0) continue;
      for (const statement of this.asking(analytics.workGroups[person.workGroup], catalog.databaseName, tables)) {
        role.addToPolicy(statement);
      }
      const { reads, writes } = resultsOf(person);
      for (const statement of [
        locateStatement([storage.queryResults]),
        listStatement(storage.queryResults, reads),
        ...readStatement(storage.queryResults, reads),
        ...writeStatement(storage.queryResults, writes),
      ]) {
        role.addToPolicy(statement);
      }
    }
  }

  /** Grants what the person reads and returns the names of the tables over it, and of the views over those. */
  private addReads(role: Role, person: Person, storage: StorageStack): string[] {
    const tables: string[] = [];
    for (const zone of ZONES) {
      const prefixes = datasets.flatMap((plan) => person.reads(zone, plan));
      if (prefixes.length === 0) continue;
      const store = storage.zones[zone];
      const statements = [locateStatement([store]), listStatement(store, prefixes), ...readStatement(store, prefixes)];
      for (const statement of statements) role.addToPolicy(statement);
      const known = [...datasets.flatMap(catalogTables), ...sharedTables];
      const readable = known.filter(
        (table) => table.zone === zone && prefixes.some((it) => `${it}/`.startsWith(table.prefix)),
      );
      tables.push(...readable.map(({ name }) => name));
    }
    const views = datasets.flatMap(({ name }) => deployedViews(name, tables));
    return [...tables, ...views.map(({ name }) => name)];
  }

  private asking(workGroup: string, database: string, tables: readonly string[]): PolicyStatement[] {
    const place = (service: string) => `arn:${this.partition}:${service}:${this.region}:${this.account}`;
    return [
      new PolicyStatement({
        actions: [
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:GetWorkGroup',
          'athena:GetNamedQuery',
          'athena:BatchGetNamedQuery',
          'athena:ListNamedQueries',
          'athena:ListQueryExecutions',
        ],
        resources: [`${place('athena')}:workgroup/${workGroup}`],
      }),
      new PolicyStatement({
        actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
        resources: [
          `${place('glue')}:catalog`,
          `${place('glue')}:database/${database}`,
          ...tables.map((table) => `${place('glue')}:table/${database}/${table}`),
        ],
      }),
    ];
  }
}

/** A table's data, and the list that says which of it counts. */
function published(tables: readonly string[]): string[] {
  return tables.flatMap((name) => [name, `published/${name}`]);
}

/** What models say of the bookings: of a booking and never of a person. */
function foretold({ name }: DatasetPlan): string[] {
  return modelTables(name).map((table) => table.name);
}

function tableNames(plan: DatasetPlan): string[] {
  return curatedTables(plan).map(({ name }) => name);
}

/** Athena reads with the rights of who asks, so a table with one such column is closed as a whole. */
function impersonal(plan: DatasetPlan): string[] {
  return curatedTables(plan)
    .filter(({ privacy }) => !privacy.has('pseudonym') && !privacy.has('sensitive'))
    .map(({ name }) => name);
}
