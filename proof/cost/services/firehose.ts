import { type Draft, figure, nothing } from '../line.ts';
import { GB } from '../month.ts';
import type { Service } from '../service.ts';
import type { StreamMonth } from '../traffic.ts';

export const firehose: Service = {
  name: 'Firehose',
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  free: [],
  drafts({ lake, traffic, volumes }) {
    const streams = lake.ofType('AWS::KinesisFirehose::DeliveryStream');
    if (streams.length === 0) return [nothing('Firehose', 'ingestion', 'no stream is synthesised: rows come as files')];
    return streams.flatMap(({ id, name, properties }) => {
      const month = traffic.streams.get(id);
      if (month === undefined) return [];
      const target = properties.ExtendedS3DestinationConfiguration ?? {};
      const billed = month.billedBytes / GB;
      const how = `${figure(month.records)} records of up to ${volumes.rowsPerRecord} rows, each in steps of 5 KB`;
      return [
        {
          service: 'Firehose',
          item: `ingestion ${name}`,
          price: 'firehose.ingestion',
          quantity: billed,
          how,
          trap: packing(month),
        },
        target.DataFormatConversionConfiguration?.Enabled === true
          ? {
              service: 'Firehose',
              item: `conversion to Parquet ${name}`,
              price: 'firehose.conversion',
              quantity: billed,
              how: 'the GB of ingestion',
              trap: 'conversion is charged on the same 5 KB steps, over and above ingestion',
            }
          : nothing('Firehose', `conversion ${name}`, 'the stream converts nothing'),
        ...partitioning(name, target, month),
      ];
    });
  },
};

function packing({ bytes, billedBytes, unpackedBytes }: StreamMonth): string | undefined {
  if (bytes === 0) return undefined;
  return (
    `a record is charged in steps of 5 KB: ${figure(bytes / GB)} GB of rows are billed as ${figure(billedBytes / GB)} GB packed,` +
    ` and would be as ${figure(unpackedBytes / GB)} GB with a record a row`
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes
function partitioning(name: string, target: any, { bytes, deliveries }: StreamMonth): Draft[] {
  if (target.DynamicPartitioningConfiguration?.Enabled !== true) {
    return [nothing('Firehose', `dynamic partitioning ${name}`, 'not used: the prefix is by time')];
  }
  const trap = 'dynamic partitioning has a fee by GB and one by object; a prefix by time has none';
  return [
    {
      service: 'Firehose',
      item: `dynamic partitioning ${name}`,
      price: 'firehose.partitioning',
      quantity: bytes / GB,
      how: 'GB delivered',
      trap,
    },
    {
      service: 'Firehose',
      item: `partitioned objects ${name}`,
      price: 'firehose.partition-objects',
      quantity: deliveries / 1000,
      how: `${deliveries} objects / 1000`,
      trap,
    },
  ];
}
