import { attribute, everywhere, idOf, replace, set } from './changes.ts';
import type { Defect } from './defect.ts';

const type = 'AWS::S3::Bucket';
const ZONE = /\/Storage\/(Raw|Processed|Curated|Rejected)\//;
const EXPIRING = /\/Storage\/(Raw|Processed|Rejected)\//;
const BLOCK = 'PublicAccessBlockConfiguration';
const ENCRYPTION = 'BucketEncryption.ServerSideEncryptionConfiguration.0';
const DEFAULT = `${ENCRYPTION}.ServerSideEncryptionByDefault`;
const RULES = 'LifecycleConfiguration.Rules';

export const bucketDefects: readonly Defect[] = [
  {
    id: 'bucket-deleted',
    weakens: 'A bucket goes with its stack.',
    type,
    change: attribute('DeletionPolicy', 'Delete'),
  },
  {
    id: 'bucket-replaced',
    weakens: 'A bucket goes when it is replaced.',
    type,
    change: attribute('UpdateReplacePolicy', 'Delete'),
  },
  { id: 'bucket-unversioned', weakens: 'An object overwritten is lost.', type, change: set('VersioningConfiguration') },
  {
    id: 'bucket-versions-paused',
    weakens: 'An object overwritten is lost.',
    type,
    change: set('VersioningConfiguration.Status', 'Suspended'),
  },
  { id: 'bucket-unblocked', weakens: 'Public access is not blocked.', type, change: set(BLOCK) },
  {
    id: 'bucket-public-lists',
    weakens: 'Public access lists are taken.',
    type,
    change: set(`${BLOCK}.BlockPublicAcls`, false),
  },
  {
    id: 'bucket-public-policy',
    weakens: 'A public policy is taken.',
    type,
    change: set(`${BLOCK}.BlockPublicPolicy`, false),
  },
  {
    id: 'bucket-public-lists-heeded',
    weakens: 'Public access lists hold.',
    type,
    change: set(`${BLOCK}.IgnorePublicAcls`, false),
  },
  {
    id: 'bucket-public-policy-heeded',
    weakens: 'A public policy lets strangers in.',
    type,
    change: set(`${BLOCK}.RestrictPublicBuckets`, false),
  },
  { id: 'bucket-unencrypted', weakens: 'No encryption is asked for.', type, change: set('BucketEncryption') },
  {
    id: 'bucket-s3-encrypted',
    weakens: 'No key of the lake guards the objects.',
    type,
    place: ZONE,
    change: set(DEFAULT, { SSEAlgorithm: 'AES256' }),
  },
  {
    id: 'bucket-aws-key',
    weakens: "AWS's own key has no policy of ours.",
    type,
    change: set(`${DEFAULT}.KMSMasterKeyID`),
  },
  {
    id: 'bucket-without-bucket-key',
    weakens: 'Each object asks for its key anew, for money.',
    type,
    change: replace(`${ENCRYPTION}.BucketKeyEnabled`, false),
  },
  {
    id: 'zones-share-key',
    weakens: 'Who decrypts one zone decrypts another.',
    type,
    place: /\/Storage\/Processed\//,
    change: (it, stack, id) =>
      set(`${DEFAULT}.KMSMasterKeyID`, { 'Fn::GetAtt': [idOf(stack, 'AWS::KMS::Key', /RawKey/), 'Arn'] })(
        it,
        stack,
        id,
      ),
  },
  {
    id: 'bucket-writer-owns',
    weakens: 'A writer keeps its object from the lake.',
    type,
    change: set('OwnershipControls.Rules.0.ObjectOwnership', 'ObjectWriter'),
  },
  {
    id: 'bucket-access-list',
    weakens: 'An access list opens the bucket.',
    type,
    change: set('AccessControl', 'PublicRead'),
  },
  { id: 'bucket-unlogged', weakens: 'Nobody knows who came.', type, change: set('LoggingConfiguration') },
  { id: 'bucket-lifecycle-gone', weakens: 'Nothing ever leaves.', type, change: set('LifecycleConfiguration') },
  {
    id: 'bucket-lifecycle-off',
    weakens: 'Nothing ever leaves.',
    type,
    change: everywhere('Status', (rule) => {
      if ('Id' in rule) rule.Status = 'Disabled';
    }),
  },
  {
    id: 'bucket-old-versions-stay',
    weakens: 'What was erased stays as an old version.',
    type,
    change: set(`${RULES}.0.NoncurrentVersionExpiration`),
  },
  {
    id: 'bucket-uploads-stay',
    weakens: 'Parts of broken uploads are paid for.',
    type,
    change: set(`${RULES}.0.AbortIncompleteMultipartUpload`),
  },
  {
    id: 'rows-stay',
    weakens: 'Rows outlive the days of their contract.',
    type,
    place: EXPIRING,
    change: everywhere('ExpirationInDays', (rule) => {
      delete rule.ExpirationInDays;
    }),
  },
  {
    id: 'rows-stay-a-century',
    weakens: 'Rows outlive the days of their contract.',
    type,
    place: EXPIRING,
    change: everywhere('ExpirationInDays', (rule) => {
      rule.ExpirationInDays = 36_500;
    }),
  },
  {
    id: 'bucket-website',
    weakens: 'A bucket answers as a website.',
    type,
    change: set('WebsiteConfiguration', { IndexDocument: 'index.html' }),
  },
  {
    id: 'bucket-cross-origin',
    weakens: 'Pages of anybody read the bucket.',
    type,
    change: set('CorsConfiguration', { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] }),
  },
  {
    id: 'bucket-replicated-away',
    weakens: 'Objects are copied to a bucket of somebody else.',
    type,
    place: ZONE,
    change: set('ReplicationConfiguration', {
      Role: 'arn:aws:iam::111122223333:role/copy',
      Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::elsewhere' } }],
    }),
  },
];
