/** Destroying keeps what is full, and after that leaves nothing but what is meant to stay. */
import { DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { cdk } from './cdk.ts';
import { equal } from './equal.ts';
import { beyond, type Inventory, takeInventory } from './inventory.ts';
import { type DeployedLake, ofType } from './lake.ts';
import { STAGE } from './place.ts';
import { pseudonymParameter } from './put-pseudonym-key.ts';
import type { Proved } from './report.ts';
import { contents, storeOf } from './take-files.ts';

/** Buckets with rows refuse to go. */
export async function refuseToDestroyRows(lake: DeployedLake): Promise<Proved> {
  const store = storeOf(lake);
  const before = await contents(store);
  const said = await destroy(lake).then(
    () => 'nothing',
    (error: unknown) => String(error),
  );
  if (!/DELETE_FAILED|not empty/i.test(said))
    throw new Error(`destroying a lake with rows in it was not refused: ${said}`);
  equal('objects after destroying was refused', await contents(store), before);
  return { proved: 'a lake with rows in it is not destroyed, and no object goes', figures: { objects: before.length } };
}

/** What is left is what the templates keep, and the parameter that was made by hand. */
export async function destroyAll(lake: DeployedLake, before: Inventory): Promise<Proved> {
  let removed = 0;
  // The first try has taken the empty ones already.
  const present = (await takeInventory(lake.emulator)).get('AWS::S3::Bucket');
  const buckets = ofType(lake, 'AWS::S3::Bucket').filter(({ physicalId }) => present?.has(physicalId));
  for (const { physicalId } of buckets) removed += await empty(lake, physicalId);
  await destroy(lake);
  const kept = lake.resources
    .filter(({ template }) => template.DeletionPolicy?.startsWith('Retain'))
    .map(({ template, physicalId }) => `${template.Type} ${physicalId}`);
  const left = beyond(await takeInventory(lake.emulator), before);
  equal('what is left', left, [...kept, `AWS::SSM::Parameter ${pseudonymParameter(lake)}`].sort());
  return {
    proved: 'what is left is what the templates keep, and the key that was made by hand',
    figures: { 'objects removed first': removed, left: left.length, 'kept by templates': kept.length },
  };
}

function destroy({ emulator, assembly }: DeployedLake): Promise<string> {
  return cdk(emulator, ['destroy', `${STAGE}/*`, '--force', '--app', assembly]);
}

/** Removes every version of every object, as whoever takes a lake down must. */
async function empty({ clients: { s3 } }: DeployedLake, Bucket: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return removed;
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    removed += Objects.length;
  }
}
