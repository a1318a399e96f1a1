/** The machines that curate run: on an empty lake, on new rows, once more, and with a backfill. */
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readCurrentManifest } from '../../core/lake/curated-manifest.ts';
import { handOver, waitingObjects } from '../../core/lake/large-objects.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { listEntries, readEntry } from '../../core/lake/read-ledger.ts';
import { readRunRecords } from '../../core/lake/run-records.ts';
import { query } from './athena.ts';
import { equal } from './equal.ts';
import { type DeployedLake, type DeployedResource, ofType } from './lake.ts';
import type { Proved } from './report.ts';
import { contents, DATASET, storeOf, sum } from './take-files.ts';
import { until } from './until.ts';

/** Settling starts Spark, which takes its time on a busy machine. */
const RUN_SECONDS = 300;

/** A lake without rows has nothing to curate. */
export async function curateNothing(lake: DeployedLake): Promise<Proved> {
  const machines = curations(lake);
  for (const machine of machines) await run(lake, machine);
  const store = storeOf(lake);
  const written = (await contents(store, ['curated'])).filter((line) => !line.startsWith('curated/runs/'));
  equal('objects in curated after a run on an empty lake, but for its record', written, []);
  const [record] = await readRunRecords(store, DATASET);
  equal('outcome of the record', record?.outcome, 'nothing new');
  return {
    proved: 'a curation that finds nothing new ends well and writes nothing',
    figures: { machines: machines.length },
  };
}

/** Planned, settled by the Glue job's script under Spark, staged, checked by Athena, published. */
export async function curateRows(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  for (const machine of curations(lake)) await run(lake, machine);
  const entries = await listEntries(store, DATASET);
  const manifest = await readCurrentManifest(store, DATASET);
  if (manifest === undefined) throw new Error(`the curation of ${DATASET} ended well and published nothing`);
  equal(
    'processed rows that went into the curated table',
    manifest.rowsIn,
    sum(entries, 'accepted') + sum(entries, 'duplicates'),
  );
  const count = async (sql: string) => Number((await query(lake, sql))[0]?.[0]);
  const rows = await count(`select count(*) as row_count from ${DATASET}`);
  const keys = await count(`select count(distinct booking_id) as key_count from processed_${DATASET}`);
  equal('rows of the curated table: by Athena, by its manifest', [rows, manifest.rows], [keys, keys]);
  return {
    proved: 'plan, Spark job, staging, checks and publication leave one curated row a key',
    figures: { 'rows in': manifest.rowsIn, curated: rows, units: manifest.units.length },
  };
}

/** What is published already is left as it is. */
export async function curateAgain(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  // Every run leaves a record of itself.
  const published = async () =>
    (await contents(store, ['curated'])).filter((line) => !/^curated\/(published|runs)\//.test(line));
  const before = await published();
  for (const machine of curations(lake)) await run(lake, machine);
  equal('objects of curated after a run without news', await published(), before);
  return { proved: 'a curation without news writes nothing anew', figures: { objects: before.length } };
}

/** A file of the processed zone is lost; a backfill of all days makes the rows of its object again, and no others. */
export async function backfillRows(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  const objects = async () => (await listEntries(store, DATASET)).filter(({ source }) => source === 'batch');
  const before = await objects();
  const manifest = await readCurrentManifest(store, DATASET);
  const hurt = before.find(({ files }) => files.length > 0);
  const days = before.map(({ ingestDate }) => ingestDate).sort();
  const [from, to] = [days[0], days.at(-1)];
  if (hurt === undefined || from === undefined) throw new Error('no object of the ledger has a file to be lost');
  await store.remove('processed', hurt.files[0]?.key ?? '');
  for (const machine of curations(lake)) await run(lake, machine, { backfill: { from, to } });
  const after = await objects();
  const revisionOf = (one: string) => before.find(({ id }) => id === one)?.revision;
  const revised = after.filter(({ id, revision }) => revision !== revisionOf(id)).map(({ id }) => id);
  equal('objects that were made again', revised, [hurt.id]);
  equal('accepted rows of the ledger', sum(after, 'accepted'), sum(before, 'accepted'));
  equal('curated rows', (await readCurrentManifest(store, DATASET))?.rows, manifest?.rows);
  const record = (await readRunRecords(store, DATASET)).find(({ mode }) => mode === 'backfill');
  const told = [record?.outcome, record?.objects, record?.changed, record?.rowsIn];
  equal('record of the backfill', told, ['published', before.length, 1, sum(before, 'rowsIn')]);
  return {
    proved: 'a backfill by the machine makes an object again whose file was lost, and leaves the others as they are',
    figures: { objects: before.length, 'made again': revised.length, rows: sum(after, 'rowsIn') },
  };
}

/** An object is handed over as one that is too large; the job and the functions around it make the same rows of it. */
export async function takeLargeObject(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  const entry = (await listEntries(store, DATASET)).find(
    ({ rawKey, rejected }) => rawKey !== undefined && rejected > 0,
  );
  const raw = entry?.rawKey === undefined ? undefined : await store.head('raw', entry.rawKey);
  if (entry === undefined || raw === undefined)
    throw new Error('no object of the ledger lies in raw with refused rows');
  await handOver(store, DATASET, raw, entry);
  for (const machine of curations(lake)) await run(lake, machine);
  equal('objects that still wait', await waitingObjects(store, DATASET), []);
  const after = await readEntry(store, DATASET, entry.id);
  equal('entry of the object, but for its files', factsOf(after), { ...factsOf(entry), revision: 1 });
  return {
    proved:
      'an object that is too large for a function is framed, read by the Spark job and entered with the same counts',
    figures: { rows: entry.rowsIn, rejected: entry.rejected },
  };
}

function factsOf(entry: LedgerEntry | undefined) {
  if (entry === undefined) return undefined;
  const { files, rejectedFiles, ...facts } = entry;
  return { ...facts, revision: entry.revision ?? 0 };
}

function curations(lake: DeployedLake): DeployedResource[] {
  const found = ofType(lake, 'AWS::StepFunctions::StateMachine').filter(({ place }) => place.includes('-curation/'));
  if (found.length === 0) throw new Error('no state machine of the templates curates');
  return found;
}

async function run(
  { clients: { sfn } }: DeployedLake,
  { place, physicalId }: DeployedResource,
  demand: object = {},
): Promise<void> {
  const input = JSON.stringify(demand);
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: physicalId, input }));
  await until(`an execution of ${place}`, RUN_SECONDS, async () => {
    const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'RUNNING') return false;
    if (status !== 'SUCCEEDED') throw new Error(`${place} ended as ${status}: ${error} ${cause}`);
    return true;
  });
}
