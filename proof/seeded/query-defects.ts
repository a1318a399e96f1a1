import { replace, set } from './changes.ts';
import type { Defect } from './defect.ts';

const group = 'AWS::Athena::WorkGroup';
const SETTINGS = 'WorkGroupConfiguration';
const RESULTS = `${SETTINGS}.ResultConfiguration`;

export const queryDefects: readonly Defect[] = [
  {
    id: 'athena-own-settings',
    weakens: 'Who asks chooses where results go and how much is read.',
    type: group,
    change: set(`${SETTINGS}.EnforceWorkGroupConfiguration`, false),
  },
  {
    id: 'athena-unlimited',
    weakens: 'A query reads without end.',
    type: group,
    change: set(`${SETTINGS}.BytesScannedCutoffPerQuery`),
  },
  {
    id: 'athena-limit-of-100-tib',
    weakens: 'A query may cost 500 $.',
    type: group,
    change: set(`${SETTINGS}.BytesScannedCutoffPerQuery`, 100 * 1024 ** 4),
  },
  {
    id: 'athena-results-unencrypted',
    weakens: 'Results lie in the clear.',
    type: group,
    change: set(`${RESULTS}.EncryptionConfiguration`),
  },
  {
    id: 'athena-results-s3-key',
    weakens: 'Results lie without a key of the lake.',
    type: group,
    change: set(`${RESULTS}.EncryptionConfiguration`, { EncryptionOption: 'SSE_S3' }),
  },
  {
    id: 'athena-results-elsewhere',
    weakens: 'Results leave the lake.',
    type: group,
    change: set(`${RESULTS}.OutputLocation`, 's3://elsewhere/results/'),
  },
  {
    id: 'athena-results-any-owner',
    weakens: 'Results may go to a bucket that changed hands.',
    type: group,
    change: set(`${RESULTS}.ExpectedBucketOwner`),
  },
  {
    id: 'athena-shared-results',
    weakens: "People read one another's results.",
    type: group,
    place: /dashboards/,
    change: (it, stack, id) => {
      const [other] = Object.values(stack.template.Resources).filter(
        ({ Type, Properties }) => Type === group && Properties?.Name !== it.Properties?.Name,
      );
      set(RESULTS, Object(other?.Properties?.[SETTINGS]).ResultConfiguration)(it, stack, id);
    },
  },
  {
    id: 'athena-unmeasured',
    weakens: 'The alarm on scanning never rings.',
    type: group,
    change: set(`${SETTINGS}.PublishCloudWatchMetricsEnabled`, false),
  },
  { id: 'athena-off', weakens: 'Nobody may ask.', type: group, change: set('State', 'DISABLED') },
  {
    id: 'athena-payer',
    weakens: "The lake pays for reading strangers' buckets.",
    type: group,
    change: set(`${SETTINGS}.RequesterPaysEnabled`, true),
  },
];

const table = 'AWS::Glue::Table';
const crawler = 'AWS::Glue::Crawler';
const security = 'AWS::Glue::SecurityConfiguration';
const ENCRYPTION = 'EncryptionConfiguration';

export const catalogDefects: readonly Defect[] = [
  {
    id: 'table-unprojected',
    weakens: 'New partitions are not seen without a crawler.',
    type: table,
    change: (it) => {
      const parameters = Object(Object(it.Properties?.TableInput).Parameters);
      if ('projection.enabled' in parameters) parameters['projection.enabled'] = 'false';
    },
  },
  {
    id: 'table-elsewhere',
    weakens: 'A table reads what is not of the lake.',
    type: table,
    change: replace('TableInput.StorageDescriptor.Location', 's3://elsewhere/rows/'),
  },
  {
    id: 'crawler-unsecured',
    weakens: 'What a crawler logs lies without a key of the lake.',
    type: crawler,
    change: set('CrawlerSecurityConfiguration'),
  },
  {
    id: 'crawler-other-security',
    weakens: 'What a crawler logs lies without a key of the lake.',
    type: crawler,
    change: set('CrawlerSecurityConfiguration', 'not-of-the-lake'),
  },
  {
    id: 'crawler-deletes',
    weakens: 'A crawler deletes tables.',
    type: crawler,
    change: set('SchemaChangePolicy.DeleteBehavior', 'DELETE_FROM_DATABASE'),
  },
  {
    id: 'crawler-in-lake',
    weakens: "A crawler writes over the contract's tables.",
    type: crawler,
    change: set('DatabaseName', 'laketwin_prod'),
  },
  { id: 'crawler-unscheduled', weakens: 'Drift is never seen.', type: crawler, change: set('Schedule') },
  {
    id: 'glue-logs-unencrypted',
    weakens: 'Logs lie in the clear.',
    type: security,
    change: set(`${ENCRYPTION}.CloudWatchEncryption`, { CloudWatchEncryptionMode: 'DISABLED' }),
  },
  {
    id: 'glue-files-unencrypted',
    weakens: 'Files are written in the clear.',
    type: security,
    change: set(`${ENCRYPTION}.S3Encryptions`, [{ S3EncryptionMode: 'DISABLED' }]),
  },
  {
    id: 'glue-files-s3-key',
    weakens: 'Files are written without a key of the lake.',
    type: security,
    change: set(`${ENCRYPTION}.S3Encryptions`, [{ S3EncryptionMode: 'SSE-S3' }]),
  },
  {
    id: 'glue-no-log-key',
    weakens: 'Logs lie without a key of the lake.',
    type: security,
    change: set(`${ENCRYPTION}.CloudWatchEncryption.KmsKeyArn`),
  },
  {
    id: 'quality-empty',
    weakens: 'Nothing is promised of the rows.',
    type: 'AWS::Glue::DataQualityRuleset',
    change: set('Ruleset', 'Rules = [\n]'),
  },
  {
    id: 'quality-no-key',
    weakens: 'A row may come twice.',
    type: 'AWS::Glue::DataQualityRuleset',
    change: (it) => {
      if (it.Properties)
        it.Properties.Ruleset = `${it.Properties.Ruleset}`.replace(/[^\n]*having count\(\*\) > 1[^\n]*/g, '');
    },
  },
];
