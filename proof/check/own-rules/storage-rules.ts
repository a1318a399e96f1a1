import { ZONES } from '../../../core/ports.ts';
import type { Lake, Placed } from '../lake.ts';
import { actions, isOpenToAll, refusesPlainText, resourceStatements, resources, type Statement } from './policies.ts';
import { all, at, expectNumber, expectSome, expectValue, list, type Rule, unexpected } from './rule.ts';

const BUCKET = 'AWS::S3::Bucket';
const ENCRYPTION = 'BucketEncryption.ServerSideEncryptionConfiguration.0';
const NOT_PUBLIC = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

export const storageRules: readonly Rule[] = [
  {
    id: 'survives-its-stack',
    meaning: 'Where an environment is protected, what holds data, messages, logs or keys outlives its stack.',
    types: [BUCKET, 'AWS::KMS::Key', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup'],
    test: ({ resource }, { isProtected }) =>
      isProtected
        ? all(expectValue(resource, 'DeletionPolicy', 'Retain'), expectValue(resource, 'UpdateReplacePolicy', 'Retain'))
        : undefined,
  },
  {
    id: 'bucket-versioned',
    meaning: 'Every bucket keeps the old version of an object that is overwritten or deleted.',
    types: [BUCKET],
    test: ({ properties }) => expectValue(properties, 'VersioningConfiguration.Status', 'Enabled'),
  },
  {
    id: 'bucket-not-public',
    meaning: 'Every bucket blocks public access in all four ways.',
    types: [BUCKET],
    test: ({ properties }) =>
      all(...NOT_PUBLIC.map((way) => expectValue(properties, `PublicAccessBlockConfiguration.${way}`, true))),
  },
  {
    id: 'bucket-encrypted',
    meaning: 'Every bucket encrypts with a key of the lake; one that access logs are sent to, with a key of S3.',
    types: [BUCKET],
    test: (bucket, lake) => {
      const algorithm = `${ENCRYPTION}.ServerSideEncryptionByDefault.SSEAlgorithm`;
      if (takesAccessLogs(bucket, lake)) return expectSome(bucket.properties, algorithm, 'an algorithm');
      const key = lake.target(at(bucket.properties, `${ENCRYPTION}.ServerSideEncryptionByDefault.KMSMasterKeyID`));
      return all(
        expectValue(bucket.properties, algorithm, 'aws:kms'),
        key?.type === 'AWS::KMS::Key' ? undefined : 'KMSMasterKeyID names no key of the lake, expected one',
      );
    },
  },
  {
    id: 'bucket-key',
    meaning: 'Every bucket with a key of the lake asks for it once a while and not for each object.',
    types: [BUCKET],
    test: (bucket, lake) =>
      takesAccessLogs(bucket, lake)
        ? undefined
        : expectValue(bucket.properties, `${ENCRYPTION}.BucketKeyEnabled`, true),
  },
  {
    id: 'zone-key',
    meaning: 'No two zones share a key.',
    types: [BUCKET],
    test: (bucket, lake) => {
      const key = keyOf(bucket, lake);
      const other = lake.ofType(BUCKET).find((it) => it !== bucket && isZone(it) && key && keyOf(it, lake) === key);
      return isZone(bucket) && other !== undefined
        ? `the key of ${bucket.place} is that of ${other.place} too, expected one of its own`
        : undefined;
    },
  },
  {
    id: 'bucket-owner',
    meaning: 'Every bucket owns what is written to it, and access lists are off.',
    types: [BUCKET],
    test: ({ properties }) =>
      all(
        expectValue(properties, 'OwnershipControls.Rules.0.ObjectOwnership', 'BucketOwnerEnforced'),
        expectValue(properties, 'AccessControl', undefined),
      ),
  },
  {
    id: 'bucket-logged',
    meaning: 'Every bucket logs who comes to it in another one, under a prefix of its own.',
    types: [BUCKET],
    test: (bucket, lake) => {
      if (takesAccessLogs(bucket, lake)) return undefined;
      const { DestinationBucketName: to, LogFilePrefix: prefix } = Object(bucket.properties.LoggingConfiguration);
      if (lake.target(to)?.type !== BUCKET) return unexpected('LoggingConfiguration', to, 'a bucket of the lake');
      return prefix === undefined ? 'LogFilePrefix is missing, expected one' : undefined;
    },
  },
  {
    id: 'bucket-lifecycle',
    meaning: 'Every bucket lets old versions and unfinished uploads expire, for all of its keys.',
    types: [BUCKET],
    test: ({ properties }) => {
      const rules = list(at(properties, 'LifecycleConfiguration.Rules')).filter(
        (it) => at(it, 'Status') === 'Enabled' && [undefined, ''].includes(at(it, 'Prefix') as undefined),
      );
      const has = (path: string) => rules.some((rule) => expectNumber(rule, path, 1, 3650) === undefined);
      return all(
        has('NoncurrentVersionExpiration.NoncurrentDays') ? undefined : 'no rule expires old versions of every key',
        has('AbortIncompleteMultipartUpload.DaysAfterInitiation') ? undefined : 'no rule ends unfinished uploads',
      );
    },
  },
  {
    id: 'rows-expire',
    meaning: 'The raw, processed and rejected zones let rows go by a rule on their prefix, within ten years.',
    types: [BUCKET],
    test: (bucket) => {
      if (!isZone(bucket) || zoneOf(bucket) === 'curated') return undefined;
      const rules = list(at(bucket.properties, 'LifecycleConfiguration.Rules'));
      const expires = rules.some(
        (rule) => at(rule, 'Status') === 'Enabled' && expectNumber(rule, 'ExpirationInDays', 1, 3650) === undefined,
      );
      return expires ? undefined : 'no rule lets rows expire, expected the days of the contract';
    },
  },
  {
    id: 'bucket-tls',
    meaning: 'Every bucket refuses everybody what does not come by TLS 1.2 or newer.',
    types: [BUCKET],
    test: (bucket, lake) => {
      const own = policyOf(bucket, lake);
      const covers = (statement: Statement) =>
        ['', '/*'].every((rest) => resources(statement).includes(`{{${bucket.stack.name}#${bucket.id}.Arn}}${rest}`));
      return all(
        own.some((it) => covers(it) && refusesPlainText(it, 's3:*')) ? undefined : 'no statement refuses plain text',
        own.some((it) => covers(it) && refusesOldTls(it)) ? undefined : 'no statement refuses TLS older than 1.2',
      );
    },
  },
  {
    id: 'bucket-plain',
    meaning: 'No bucket is a website, is read by pages from elsewhere, or copies its objects out of the lake.',
    types: [BUCKET],
    test: ({ properties }, lake) =>
      all(
        expectValue(properties, 'WebsiteConfiguration', undefined),
        expectValue(properties, 'CorsConfiguration', undefined),
        ...list(at(properties, 'ReplicationConfiguration.Rules')).map((rule) => {
          const to = at(rule, 'Destination.Bucket');
          return lake.target(to)?.type === BUCKET
            ? undefined
            : unexpected('Destination.Bucket', to, 'a bucket of the lake');
        }),
      ),
  },
  {
    id: 'bucket-grant',
    meaning: 'No bucket policy grants to everybody, even where blocked public access would hide it, nor to a stranger.',
    types: ['AWS::S3::BucketPolicy'],
    test: (policy) =>
      resourceStatements(policy)
        .filter((it) => it.Effect === 'Allow' && (isOpenToAll(it) || hasStranger(it)))
        .map(
          (it) => `${actions(it).join(', ')} is granted to ${JSON.stringify(it.Principal)}, expected a service or role`,
        ),
  },
];

function hasStranger({ Principal }: Statement): boolean {
  return /arn:aws:iam::\d{12}:|"\d{12}"/.test(JSON.stringify(Principal ?? ''));
}

function refusesOldTls(statement: Statement): boolean {
  const limit = Number(statement.Condition?.NumericLessThan?.['s3:TlsVersion'] ?? 0);
  return statement.Effect === 'Deny' && isOpenToAll(statement) && actions(statement).includes('s3:*') && limit >= 1.2;
}

function policyOf(bucket: Placed, lake: Lake): Statement[] {
  return lake
    .ofType('AWS::S3::BucketPolicy')
    .filter(({ properties }) => lake.target(properties.Bucket) === bucket)
    .flatMap(resourceStatements);
}

function takesAccessLogs(bucket: Placed, lake: Lake): boolean {
  return lake
    .ofType(BUCKET)
    .some(
      (it) => it !== bucket && lake.target(at(it.properties, 'LoggingConfiguration.DestinationBucketName')) === bucket,
    );
}

function keyOf(bucket: Placed, lake: Lake): Placed | undefined {
  return lake.target(at(bucket.properties, `${ENCRYPTION}.ServerSideEncryptionByDefault.KMSMasterKeyID`));
}

/** Whether the bucket is a zone of the lake, by its logical id: the name of its construct and a checksum. */
export function isZone(bucket: Placed): boolean {
  return bucket.type === BUCKET && zoneOf(bucket) !== undefined;
}

function zoneOf({ id }: Placed): string | undefined {
  const name = id.replace(/[0-9A-F]{8}$/, '').toLowerCase();
  return ZONES.find((zone) => zone === name);
}
