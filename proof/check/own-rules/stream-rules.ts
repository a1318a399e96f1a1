import type { Lake } from '../lake.ts';
import { all, at, expectSome, expectValue, type Rule, unexpected } from './rule.ts';

const STREAM = 'AWS::KinesisFirehose::DeliveryStream';
const DESTINATION = 'ExtendedS3DestinationConfiguration';
const BACKUP = `${DESTINATION}.S3BackupConfiguration`;

export const streamRules: readonly Rule[] = [
  {
    id: 'stream-logged',
    meaning: 'Every stream logs what it cannot deliver or keep, in a group and stream of logs of its own.',
    types: [STREAM],
    test: ({ properties }, lake) => [DESTINATION, BACKUP].flatMap((path) => logging(properties, path, lake)),
  },
  {
    id: 'stream-destination-key',
    meaning: 'Every stream writes with the key of the bucket that it writes to.',
    types: [STREAM],
    test: ({ properties }, lake) => all(...[DESTINATION, BACKUP].map((path) => bucketKey(properties, path, lake))),
  },
  {
    id: 'stream-key',
    meaning: 'Records that wait in a stream are encrypted with a key of the lake.',
    types: [STREAM],
    test: ({ properties }, lake) => {
      const path = 'DeliveryStreamEncryptionConfigurationInput';
      const key = at(properties, `${path}.KeyARN`);
      return all(
        expectValue(properties, `${path}.KeyType`, 'CUSTOMER_MANAGED_CMK'),
        lake.target(key)?.type === 'AWS::KMS::Key' ? undefined : unexpected(`${path}.KeyARN`, key, 'a key of the lake'),
      );
    },
  },
  {
    id: 'stream-errors',
    meaning: 'Every stream puts what it cannot deliver under a prefix outside of its rows.',
    types: [STREAM],
    test: ({ properties }) => {
      const errors = at(properties, `${DESTINATION}.ErrorOutputPrefix`);
      if (typeof errors !== 'string' || errors === '') {
        return unexpected(`${DESTINATION}.ErrorOutputPrefix`, errors, 'a prefix outside of the rows');
      }
      const rows = `${at(properties, `${DESTINATION}.Prefix`) ?? ''}`.split('!{')[0]?.split('/')[0] ?? '';
      return rows === '' || errors.startsWith(`${rows}/`)
        ? `errors go to '${errors}' within the rows of '${rows}/', expected a prefix outside of them`
        : undefined;
    },
  },
  {
    id: 'stream-backup',
    meaning: 'Every stream keeps the records as they came, in another bucket than its rows.',
    types: [STREAM],
    test: ({ properties }, lake) => {
      const kept = lake.target(at(properties, `${BACKUP}.BucketARN`));
      return all(
        expectValue(properties, `${DESTINATION}.S3BackupMode`, 'Enabled'),
        kept === undefined ? 'the backup names no bucket of the lake, expected one' : undefined,
        kept !== undefined && kept === lake.target(at(properties, `${DESTINATION}.BucketARN`))
          ? 'the backup goes to the bucket of the rows, expected another one'
          : undefined,
      );
    },
  },
  {
    id: 'stream-transform',
    meaning: 'Every stream cleans its records by a function of the lake and writes what its table says.',
    types: [STREAM],
    test: ({ properties }, lake) =>
      all(
        expectValue(properties, `${DESTINATION}.ProcessingConfiguration.Enabled`, true),
        lake.target(at(properties, `${DESTINATION}.ProcessingConfiguration.Processors.0`))?.type ===
          'AWS::Lambda::Function'
          ? undefined
          : 'no function of the lake cleans the records, expected one',
        expectValue(properties, `${DESTINATION}.DataFormatConversionConfiguration.Enabled`, true),
      ),
  },
];

function logging(properties: unknown, path: string, lake: Lake): string[] {
  const options = `${path}.CloudWatchLoggingOptions`;
  return all(
    expectValue(properties, `${options}.Enabled`, true),
    expectSome(properties, `${options}.LogStreamName`, 'a stream of logs'),
    lake.target(at(properties, `${options}.LogGroupName`))?.type === 'AWS::Logs::LogGroup'
      ? undefined
      : unexpected(`${options}.LogGroupName`, at(properties, `${options}.LogGroupName`), 'a group of logs of the lake'),
  );
}

function bucketKey(properties: unknown, path: string, lake: Lake): string | undefined {
  const own = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID';
  const expected = lake.target(at(lake.target(at(properties, `${path}.BucketARN`))?.properties, own));
  const found = at(properties, `${path}.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN`);
  return found !== undefined && lake.target(found) === expected
    ? undefined
    : unexpected(`${path}.EncryptionConfiguration`, found, `the key of its bucket`);
}
