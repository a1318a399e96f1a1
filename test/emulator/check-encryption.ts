import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { ZONES } from '../../core/ports.ts';
import { equal } from './equal.ts';
import { type DeployedLake, resourceAt, zoneBucketsOf } from './lake.ts';
import type { Proved } from './report.ts';
import { storeOf } from './take-files.ts';

/** Every object of a zone, whoever wrote it, is encrypted by the key of the zone. */
export async function checkEncryption(lake: DeployedLake): Promise<Proved> {
  const buckets = zoneBucketsOf(lake);
  const store = storeOf(lake);
  let objects = 0;
  for (const zone of ZONES) {
    const name = `${zone.slice(0, 1).toUpperCase()}${zone.slice(1)}`;
    const key = resourceAt(lake, `Storage/${name}Key/Resource`).physicalId;
    for await (const { key: Key } of store.list(zone, '')) {
      const head = await lake.clients.s3.send(new HeadObjectCommand({ Bucket: buckets[zone], Key }));
      const found = [head.ServerSideEncryption, head.SSEKMSKeyId?.split('/').at(-1)];
      equal(`encryption of ${zone}/${Key}`, found, ['aws:kms', key]);
      objects += 1;
    }
  }
  if (objects === 0) throw new Error('the zones hold no object, expected those that were written before');
  return { proved: 'each object of a zone is encrypted by the key of that zone', figures: { objects } };
}
