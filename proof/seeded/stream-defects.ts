import { set } from './changes.ts';
import type { Defect } from './defect.ts';

const stream = 'AWS::KinesisFirehose::DeliveryStream';
const TO = 'ExtendedS3DestinationConfiguration';
const BACKUP = `${TO}.S3BackupConfiguration`;

export const streamDefects: readonly Defect[] = [
  {
    id: 'stream-unencrypted',
    weakens: 'Records wait in the clear.',
    type: stream,
    change: set('DeliveryStreamEncryptionConfigurationInput'),
  },
  {
    id: 'stream-aws-key',
    weakens: "Records wait under AWS's own key.",
    type: stream,
    change: set('DeliveryStreamEncryptionConfigurationInput', { KeyType: 'AWS_OWNED_CMK' }),
  },
  {
    id: 'stream-rows-unencrypted',
    weakens: "Rows are written without the zone's key.",
    type: stream,
    change: set(`${TO}.EncryptionConfiguration`),
  },
  {
    id: 'stream-rows-plain',
    weakens: 'Rows are written without a key.',
    type: stream,
    change: set(`${TO}.EncryptionConfiguration`, { NoEncryptionConfig: 'NoEncryption' }),
  },
  {
    id: 'stream-wrong-key',
    weakens: "Rows are written with another zone's key.",
    type: stream,
    change: set(
      `${TO}.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN`,
      'arn:aws:kms:eu-west-3:111122223333:key/other',
    ),
  },
  {
    id: 'stream-backup-unencrypted',
    weakens: "Records are kept without the zone's key.",
    type: stream,
    change: set(`${BACKUP}.EncryptionConfiguration`),
  },
  {
    id: 'stream-errors-unset',
    weakens: 'What fails lies among the rows.',
    type: stream,
    change: set(`${TO}.ErrorOutputPrefix`),
  },
  {
    id: 'stream-errors-in-rows',
    weakens: 'What fails lies among the rows.',
    type: stream,
    change: set(`${TO}.ErrorOutputPrefix`, 'bookings/errors/'),
  },
  {
    id: 'stream-unlogged',
    weakens: 'Nobody sees why a delivery fails.',
    type: stream,
    change: set(`${TO}.CloudWatchLoggingOptions`),
  },
  {
    id: 'stream-logging-off',
    weakens: 'Nobody sees why a delivery fails.',
    type: stream,
    change: set(`${TO}.CloudWatchLoggingOptions.Enabled`, false),
  },
  {
    id: 'stream-log-group-unset',
    weakens: 'Nobody sees why a delivery fails.',
    type: stream,
    change: set(`${TO}.CloudWatchLoggingOptions.LogGroupName`),
  },
  {
    id: 'stream-log-stream-unset',
    weakens: 'Nobody sees why a delivery fails.',
    type: stream,
    change: set(`${TO}.CloudWatchLoggingOptions.LogStreamName`),
  },
  {
    id: 'stream-backup-unlogged',
    weakens: 'Nobody sees why a record is not kept.',
    type: stream,
    change: set(`${BACKUP}.CloudWatchLoggingOptions.Enabled`, false),
  },
  {
    id: 'stream-backup-off',
    weakens: 'Records are not kept as they came.',
    type: stream,
    change: set(`${TO}.S3BackupMode`, 'Disabled'),
  },
  {
    id: 'stream-backup-beside-rows',
    weakens: 'Records as they came lie where analysts read.',
    type: stream,
    change: (it, stack, id) => set(`${BACKUP}.BucketARN`, Object(it.Properties?.[TO]).BucketARN)(it, stack, id),
  },
  {
    id: 'stream-uncleaned',
    weakens: 'Rows are written as they came.',
    type: stream,
    change: set(`${TO}.ProcessingConfiguration.Enabled`, false),
  },
  {
    id: 'stream-no-function',
    weakens: 'Rows are written as they came.',
    type: stream,
    change: set(`${TO}.ProcessingConfiguration.Processors`, []),
  },
  {
    id: 'stream-no-schema',
    weakens: 'Rows are written without their types.',
    type: stream,
    change: set(`${TO}.DataFormatConversionConfiguration.Enabled`, false),
  },
];
