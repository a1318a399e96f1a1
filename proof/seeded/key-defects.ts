import { add, attribute, drop, everywhere, set } from './changes.ts';
import type { Defect } from './defect.ts';

const key = 'AWS::KMS::Key';
const KEY_STATEMENTS = 'KeyPolicy.Statement';

export const keyDefects: readonly Defect[] = [
  {
    id: 'key-not-renewed',
    weakens: 'A key stays the same for ever.',
    type: key,
    change: set('EnableKeyRotation', false),
  },
  {
    id: 'key-renewed-yearly',
    weakens: 'A key stays the same for a year.',
    type: key,
    change: set('RotationPeriodInDays', 365),
  },
  {
    id: 'key-period-unsaid',
    weakens: 'A key stays the same for a year.',
    type: key,
    change: set('RotationPeriodInDays'),
  },
  {
    id: 'key-gone-in-a-week',
    weakens: 'A key is gone before it is missed.',
    type: key,
    change: set('PendingWindowInDays', 7),
  },
  { id: 'key-off', weakens: 'Nothing can be decrypted.', type: key, change: set('Enabled', false) },
  {
    id: 'key-deleted',
    weakens: 'A key goes with its stack, and all it encrypted.',
    type: key,
    change: attribute('DeletionPolicy', 'Delete'),
  },
  {
    id: 'key-for-all',
    weakens: 'Everybody may decrypt.',
    type: key,
    change: add(KEY_STATEMENTS, { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' }),
  },
  {
    id: 'key-for-stranger',
    weakens: 'Another account may decrypt.',
    type: key,
    change: add(KEY_STATEMENTS, {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:Decrypt',
      Resource: '*',
    }),
  },
  {
    id: 'key-unbound-service',
    weakens: 'A service may use the key for any account.',
    type: key,
    change: everywhere('Effect', (it) => {
      if (it.Effect === 'Allow') delete it.Condition;
    }),
  },
  {
    id: 'key-open-by-grants',
    weakens: 'A grant opens the key beside its policy.',
    type: key,
    change: drop(KEY_STATEMENTS, (it) => JSON.stringify(it).includes('kms:CreateGrant')),
  },
  {
    id: 'key-service-does-all',
    weakens: 'A service may change the key.',
    type: key,
    change: everywhere('Effect', (it) => {
      if ('Service' in Object(it.Principal)) it.Action = 'kms:*';
    }),
  },
];
