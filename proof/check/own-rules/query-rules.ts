import type { Placed } from '../lake.ts';
import { all, at, expectNumber, expectSome, expectValue, type Rule, unexpected } from './rule.ts';

const GROUP = 'AWS::Athena::WorkGroup';
const TABLE = 'AWS::Glue::Table';
const TIB = 1024 ** 4;

export const queryRules: readonly Rule[] = [
  {
    id: 'athena-enforced',
    meaning: 'Every workgroup makes its settings hold for whoever asks.',
    types: [GROUP],
    test: ({ properties }) => expectValue(properties, 'WorkGroupConfiguration.EnforceWorkGroupConfiguration', true),
  },
  {
    id: 'athena-scan-cap',
    meaning: 'Every workgroup stops a query that scans too much: AWS takes no less than 10 MB, and 1 TiB costs 5 $.',
    types: [GROUP],
    test: ({ properties }) =>
      expectNumber(properties, 'WorkGroupConfiguration.BytesScannedCutoffPerQuery', 10_000_000, TIB),
  },
  {
    id: 'athena-results',
    meaning: 'Every workgroup encrypts its results with a key of the lake, in a bucket of this account.',
    types: [GROUP],
    test: (group, lake) => {
      const path = 'WorkGroupConfiguration.ResultConfiguration';
      const key = at(group.properties, `${path}.EncryptionConfiguration.KmsKey`);
      return all(
        expectValue(group.properties, `${path}.EncryptionConfiguration.EncryptionOption`, 'SSE_KMS'),
        lake.target(key)?.type === 'AWS::KMS::Key' ? undefined : unexpected(`${path} KmsKey`, key, 'a key of the lake'),
        lake.target(resultsOf(group))?.type === 'AWS::S3::Bucket'
          ? undefined
          : unexpected(`${path}.OutputLocation`, resultsOf(group), 'a bucket of the lake'),
        expectValue(group.properties, `${path}.ExpectedBucketOwner`, '<AWS::AccountId>'),
      );
    },
  },
  {
    id: 'athena-own-results',
    meaning: 'No two workgroups write their results to one place.',
    types: [GROUP],
    test: (group, lake) => {
      const other = lake.ofType(GROUP).find((it) => it !== group && resultsOf(it) === resultsOf(group));
      return other === undefined
        ? undefined
        : `results go where those of ${other.place} go, expected a place of its own`;
    },
  },
  {
    id: 'athena-metrics',
    meaning: 'Every workgroup publishes its metrics, which the alarm on a day of scanning needs.',
    types: [GROUP],
    test: ({ properties }) =>
      all(
        expectValue(properties, 'WorkGroupConfiguration.PublishCloudWatchMetricsEnabled', true),
        expectValue(properties, 'State', 'ENABLED'),
      ),
  },
  {
    id: 'athena-payer',
    meaning: "No workgroup pays for reading a stranger's bucket.",
    types: [GROUP],
    test: ({ properties }) => expectValue(properties, 'WorkGroupConfiguration.RequesterPaysEnabled', false),
  },
  {
    id: 'table-known-partitions',
    meaning:
      'Every table over files is read without a crawler: by partition projection, by a list of files, or as a view.',
    types: [TABLE],
    test: ({ properties }) => {
      const input = Object(properties.TableInput);
      if (input.TableType === 'VIRTUAL_VIEW') return expectSome(input, 'ViewOriginalText', 'the text of the view');
      if (`${at(input, 'StorageDescriptor.InputFormat')}`.includes('SymlinkTextInputFormat')) return undefined;
      if (at(input, 'PartitionKeys.0') === undefined) return undefined;
      const projected = Object(input.Parameters)['projection.enabled'];
      return `${projected}` === 'true' ? undefined : unexpected('projection.enabled', projected, 'true');
    },
  },
  {
    id: 'table-in-lake',
    meaning: 'Every table lies in a bucket of the lake.',
    types: [TABLE],
    test: ({ properties }, lake) => {
      const input = Object(properties.TableInput);
      if (input.TableType === 'VIRTUAL_VIEW') return undefined;
      const location = at(input, 'StorageDescriptor.Location');
      const isOwn = lake.target(location)?.type === 'AWS::S3::Bucket';
      return isOwn ? undefined : unexpected('StorageDescriptor.Location', location, 's3:// and a bucket of the lake');
    },
  },
];

/** Where a workgroup writes its results. */
export function resultsOf({ properties }: Placed): unknown {
  return at(properties, 'WorkGroupConfiguration.ResultConfiguration.OutputLocation');
}
