import { drop, everywhere, gone, set } from './changes.ts';
import type { Defect } from './defect.ts';

const trail = 'AWS::CloudTrail::Trail';
const ZONE_VALUES = 'EventSelectors.0.DataResources.0.Values';

export const auditDefects: readonly Defect[] = [
  { id: 'trail-gone', weakens: 'Nothing is written down.', type: trail, change: gone },
  { id: 'trail-off', weakens: 'Nothing is written down.', type: trail, change: set('IsLogging', false) },
  {
    id: 'trail-unproven',
    weakens: 'A changed file does not show.',
    type: trail,
    change: set('EnableLogFileValidation', false),
  },
  { id: 'trail-unencrypted', weakens: 'No key of the lake guards the trail.', type: trail, change: set('KMSKeyId') },
  {
    id: 'trail-one-region',
    weakens: 'What is done from elsewhere is not seen.',
    type: trail,
    change: set('IsMultiRegionTrail', false),
  },
  {
    id: 'trail-not-global',
    weakens: 'What is done to roles is not seen.',
    type: trail,
    change: set('IncludeGlobalServiceEvents', false),
  },
  { id: 'trail-no-data', weakens: 'Nobody knows who read an object.', type: trail, change: set('EventSelectors') },
  {
    id: 'trail-one-zone-unseen',
    weakens: 'Nobody knows who read a zone.',
    type: trail,
    change: set(`${ZONE_VALUES}.0`),
  },
  {
    id: 'trail-writes-alone',
    weakens: 'Nobody knows who read an object.',
    type: trail,
    change: set('EventSelectors.0.ReadWriteType', 'WriteOnly'),
  },
  {
    id: 'trail-part-of-zone',
    weakens: 'Nobody knows who read most objects.',
    type: trail,
    change: everywhere('Fn::Join', (it) => {
      it['Fn::Join'] = JSON.parse(JSON.stringify(it['Fn::Join']).replace(/"\/"\]\]$/, '"/one-folder/"]]'));
    }),
  },
  {
    id: 'trail-no-management',
    weakens: 'What is done to the lake itself is not seen.',
    type: trail,
    change: set('EventSelectors.0.IncludeManagementEvents', false),
  },
];

export const guardDefects: readonly Defect[] = [
  {
    id: 'stack-deletable',
    weakens: 'A whole stack of prod can be deleted.',
    type: 'AWS::S3::Bucket',
    place: /Raw/,
    change: (_, stack) => {
      stack.terminationProtection = false;
    },
  },
  {
    id: 'output-secret',
    weakens: 'A secret is shown to whoever may see the stack.',
    type: 'AWS::KinesisFirehose::DeliveryStream',
    change: (_, { template }) => {
      template.Outputs = { ...template.Outputs, UploadPassword: { Value: 'Tr0ub4dor' } };
    },
  },
  { id: 'budget-gone', weakens: 'Nobody is told what it costs.', type: 'AWS::Budgets::Budget', change: gone },
  {
    id: 'budget-untold',
    weakens: 'Nobody is told what it costs.',
    type: 'AWS::Budgets::Budget',
    change: set('NotificationsWithSubscribers'),
  },
  {
    id: 'budget-told-late',
    weakens: 'The first word comes when all is spent.',
    type: 'AWS::Budgets::Budget',
    change: drop('NotificationsWithSubscribers', (it) => Object(it).Notification?.Threshold < 100),
  },
  {
    id: 'budget-no-forecast',
    weakens: 'Nobody is told in time to act.',
    type: 'AWS::Budgets::Budget',
    change: drop('NotificationsWithSubscribers', (it) => Object(it).Notification?.NotificationType === 'FORECASTED'),
  },
  {
    id: 'budget-nobody',
    weakens: 'The budget tells nobody.',
    type: 'AWS::Budgets::Budget',
    change: everywhere('Subscribers', (it) => {
      it.Subscribers = [];
    }),
  },
];
