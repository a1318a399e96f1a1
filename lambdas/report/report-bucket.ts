import type { S3Client } from '@aws-sdk/client-s3';
import type { ReportFile } from '../../pages/reports/report-files.ts';

/** Where reports lie; all keys begin with `reports/`. */
export interface ReportBucket {
  put(key: string, file: Omit<ReportFile, 'name'>): Promise<void>;
  read(key: string): Promise<string>;
  keysUnder(folder: string): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
}

export async function reportBucket(Bucket: string, client: S3Client): Promise<ReportBucket> {
  const sdk = await import('@aws-sdk/client-s3');
  return {
    async put(Key, { contentType: ContentType, body: Body }) {
      await client.send(new sdk.PutObjectCommand({ Bucket, Key, ContentType, Body }));
    },
    async read(Key) {
      const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    },
    async keysUnder(folder) {
      const keys: string[] = [];
      for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, { Bucket, Prefix: `${folder}/` }))
        keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
      return keys;
    },
    async remove(Key) {
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }));
    },
  };
}
