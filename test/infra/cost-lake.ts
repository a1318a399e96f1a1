import type { AssemblyStack, TemplateResource } from '../../proof/assembly.ts';
import { type Estimate, estimate } from '../../proof/cost/estimate.ts';
import type { Line } from '../../proof/cost/line.ts';
import { pricesFor } from '../../proof/cost/prices.ts';
import { DEFAULT_VOLUMES, readVolumes, type Volumes } from '../../proof/cost/volumes.ts';

export const PRICES = pricesFor('us-east-1');

/** The volumes of the repository without free tiers, with changes. */
export function volumesWith(changes: Partial<Volumes> = {}): Volumes {
  return { ...readVolumes(DEFAULT_VOLUMES), queries: {}, freeTier: 'none', ...changes };
}

/** A lake of one stack. */
export function lakeOf(resources: Readonly<Record<string, TemplateResource>>): AssemblyStack[] {
  return [
    {
      name: 'Test/Lake',
      environment: 'test',
      stackName: 'Test-Lake',
      template: { Resources: resources },
      templateFile: '',
      dependencies: [],
      terminationProtection: false,
    },
  ];
}

export function resource(Type: string, Properties: Record<string, unknown> = {}): TemplateResource {
  return { Type, Properties };
}

export function priced(
  resources: Readonly<Record<string, TemplateResource>>,
  changes: Partial<Volumes> = {},
): Estimate {
  return estimate(lakeOf(resources), volumesWith(changes), PRICES);
}

/** The only line whose item begins so. Throws where there is none, or several. */
export function lineOf({ lines }: Estimate, service: string, start: string): Line {
  const found = lines.filter((line) => line.service === service && line.item.startsWith(start));
  const [line] = found;
  if (line === undefined || found.length > 1)
    throw new Error(`${found.length} lines '${service} ${start}', expected 1`);
  return line;
}

/** A stream as the lake's own, converted to Parquet, backed up and by time, with changes. */
export function streamWith(changes: Record<string, unknown>): TemplateResource {
  const destination = {
    BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 128 },
    DataFormatConversionConfiguration: { Enabled: true },
    S3BackupMode: 'Enabled',
    S3BackupConfiguration: { BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 } },
  };
  return resource('AWS::KinesisFirehose::DeliveryStream', {
    ExtendedS3DestinationConfiguration: { ...destination, ...changes },
  });
}

export const STREAM = streamWith({});

/** A bucket that is encrypted with a key, with or without a bucket key. */
export function bucket(BucketKeyEnabled: boolean, more: Record<string, unknown> = {}): TemplateResource {
  const rule = { BucketKeyEnabled, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } };
  return resource('AWS::S3::Bucket', { BucketEncryption: { ServerSideEncryptionConfiguration: [rule] }, ...more });
}
