/** Whether QuickSight's own role may read the lake: its queries, its objects, its keys. */
import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { type Access, type BiFinding, missing, ok, refusalOf } from './bi-finding.ts';
import { mayAll, type Need, serviceRoles } from './service-roles.ts';

export interface LakeNames {
  readonly account: string;
  readonly region: string;
  /** Of Athena, that dashboards ask with. */
  readonly workGroup: string;
  readonly database: string;
  /** A table that dashboards read. */
  readonly table: string;
}

/** What of the lake is deployed, and whether QuickSight may use it. */
export async function lakeFindings(lake: LakeNames, access: Access): Promise<BiFinding[]> {
  const results = await workGroupResults(lake, access);
  if (results === undefined) {
    const advice = `deploy the lake first: npx cdk deploy '<environment>/*' makes the workgroup`;
    return [missing('Athena workgroup', `no ${lake.workGroup} in ${lake.region}`, advice)];
  }
  const found = ok('Athena workgroup', lake.workGroup);
  const data = await dataPlace(lake, access);
  if (data === undefined) {
    const advice = 'deploy the catalog of the lake first';
    return [found, missing('table', `no ${lake.database}.${lake.table}`, advice)];
  }
  const roles = await serviceRoles(lake.region, access);
  if (roles.length === 0) {
    const advice =
      'in QuickSight, Manage QuickSight > Security & permissions, switch on Athena and S3: it makes its role';
    return [found, missing('role of QuickSight', 'none', advice)];
  }
  const rights = await Promise.all(
    needsOf(lake, results, data).map(async (need) => {
      const denied = await mayAll(roles, need, lake.region, access);
      const part = `right to ${need.part}`;
      return denied.length === 0 ? ok(part, 'granted') : missing(part, `${denied.join(', ')} denied`, need.advice);
    }),
  );
  return [found, ok('role of QuickSight', roles.map((role) => role.split('/').at(-1)).join(', ')), ...rights];
}

interface Place {
  readonly bucket: string;
  readonly key: string | undefined;
}

function needsOf({ account, region, workGroup }: LakeNames, results: Place, data: Place): Need[] {
  const admit = 'in QuickSight, Manage QuickSight > Security & permissions > S3';
  const keys = [...new Set([results.key, data.key].filter((key) => key !== undefined))];
  return [
    {
      part: 'ask Athena',
      actions: ['athena:StartQueryExecution', 'athena:GetQueryResults'],
      resources: [`arn:aws:athena:${region}:${account}:workgroup/${workGroup}`],
      advice: 'in QuickSight, Manage QuickSight > Security & permissions, switch on Athena',
    },
    {
      part: 'read the data in S3',
      actions: ['s3:GetObject'],
      resources: [`arn:aws:s3:::${data.bucket}/*`],
      advice: `${admit}, tick the bucket ${data.bucket}`,
    },
    {
      part: 'write results to S3',
      actions: ['s3:PutObject', 's3:GetObject'],
      resources: [`arn:aws:s3:::${results.bucket}/*`],
      advice: `${admit}, tick the bucket ${results.bucket} and its write permission for the workgroup`,
    },
    ...(keys.length === 0
      ? []
      : [
          {
            part: 'use the keys in KMS',
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: keys,
            advice: `give the role kms:Decrypt and kms:GenerateDataKey on ${keys.join(' and ')}`,
          },
        ]),
  ];
}

/** Where the workgroup writes; undefined where there is no such workgroup. */
async function workGroupResults({ workGroup, region }: LakeNames, access: Access): Promise<Place | undefined> {
  const client = new AthenaClient({ ...access, region });
  try {
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: workGroup }));
    const results = WorkGroup?.Configuration?.ResultConfiguration;
    return { bucket: bucketOf(results?.OutputLocation), key: results?.EncryptionConfiguration?.KmsKey };
  } catch (error) {
    if (refusalOf(error).name === 'InvalidRequestException') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Where the table lies; undefined where there is none. */
async function dataPlace({ database, table, region }: LakeNames, access: Access): Promise<Place | undefined> {
  const glue = new GlueClient({ ...access, region });
  const s3 = new S3Client({ ...access, region, forcePathStyle: access.endpoint !== undefined });
  try {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }));
    const bucket = bucketOf(Table?.StorageDescriptor?.Location);
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    const key = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
    return { bucket, key };
  } catch (error) {
    if (refusalOf(error).name === 'EntityNotFoundException') return undefined;
    throw error;
  } finally {
    glue.destroy();
    s3.destroy();
  }
}

function bucketOf(location: string | undefined): string {
  return /^s3:\/\/([^/]+)/.exec(location ?? '')?.[1] ?? '';
}
