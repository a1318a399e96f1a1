import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pseudonymise } from '../core/etl/pseudonym.ts';
import { applyErasures } from '../core/lake/erasures.ts';
import { listEntries } from '../core/lake/read-ledger.ts';
import { ZONES, type Zone } from '../core/ports.ts';
import { findPerson } from '../lambdas/erase/find-person.ts';
import { isNothing, stageErasure } from '../lambdas/erase/stage-erasure.ts';
import { fetchingPorts } from '../lambdas/reprocess/reprocess-ports.ts';
import { S3ObjectStore } from '../lambdas/shared/s3-store.ts';
import { eraseFromLake } from '../local/erase.ts';
import { openFileStore } from '../local/file-store.ts';
import { openPseudonymKey } from '../local/pseudonym-key.ts';
import { digests } from './faults/digests.ts';
import { ERASED_AT, makeErasureLake, PERSON, PLAN } from './faults/erasure-lake.ts';
import { tracesOf } from './faults/person-traces.ts';
import { type Moto, startMoto } from './moto.ts';

const folder = mkdtempSync(join(tmpdir(), 'laketwin-erase-s3-'));
const lake = join(folder, 'lake');
let moto: Moto;
let store: S3ObjectStore;

beforeAll(async () => {
  moto = await startMoto();
  const buckets = Object.fromEntries(ZONES.map((zone) => [zone, `erase-${zone}`])) as Record<Zone, string>;
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-3' as const };
  for (const Bucket of Object.values(buckets))
    await moto.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  store = new S3ObjectStore(buckets, moto.s3);
  await makeErasureLake(lake, folder, /plain|crlf|array/);
  for (const path of Object.keys(digests(lake))) {
    const [zone, ...key] = path.split('/');
    if (ZONES.some((one) => one === zone)) await store.put(zone as Zone, key.join('/'), readFileSync(join(lake, path)));
  }
}, 300_000);
afterAll(() => {
  moto?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('what is found, written anew and made current in S3 is what it is on a laptop', async () => {
  const key = await openPseudonymKey(lake);
  const ports = fetchingPorts({ store, plan: PLAN, loadPseudonymKey: async () => key, scratch: folder });
  const found = () =>
    ports.withFolder((scratch) =>
      ports.withEngine(scratch, async (connection) => {
        const person = await findPerson(ports, connection, scratch, { identifier: PERSON });
        if (!isNothing(person)) await stageErasure(ports, connection, scratch, person, new Date(ERASED_AT));
        return person;
      }),
    );
  await found();
  await applyErasures(store, PLAN);
  expect(isNothing(await found())).toBe(true);

  const now = () => new Date(ERASED_AT);
  await eraseFromLake({ lake, dataset: PLAN, person: { identifier: PERSON }, now, confirm: async () => true });
  const local = await listEntries(await openFileStore(lake), PLAN.name);
  expect((await listEntries(store, PLAN.name)).map(withoutSizes)).toEqual(local.map(withoutSizes));
  const copy = join(folder, 'copy');
  await copyTo(copy);
  expect(await tracesOf(copy, PERSON)).toEqual([]);
  expect(await tracesOf(copy, pseudonymise(key, PERSON))).toEqual([]);
  // Curated tables and the record follow with the next publication, which is the machine's.
  const zones = (root: string) => Object.keys(digests(root)).filter((path) => /^(raw|processed|rejected)\//.test(path));
  expect(zones(copy)).toEqual(zones(lake));
}, 120_000);

async function copyTo(root: string): Promise<void> {
  for (const zone of ZONES) {
    for await (const { key } of store.list(zone, '')) {
      const path = join(root, zone, key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, Buffer.concat(await (await store.get(zone, key)).body.toArray()));
    }
  }
}

function withoutSizes({ files, rejectedFiles, ...entry }: Awaited<ReturnType<typeof listEntries>>[number]) {
  const named = (list: typeof files) => list.map(({ key, rows }) => ({ key, rows }));
  return { ...entry, files: named(files), rejectedFiles: named(rejectedFiles) };
}
