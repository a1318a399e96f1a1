import type { Placed } from '../lake.ts';
import { all, at, expectSome, expectValue, list, type Rule, unexpected } from './rule.ts';
import { isZone } from './storage-rules.ts';

const TRAIL = 'AWS::CloudTrail::Trail';

export const auditRules: readonly Rule[] = [
  {
    id: 'trail-on',
    meaning: 'The trail writes, in every region, files whose later change would show, with a key of the lake.',
    types: [TRAIL],
    test: ({ properties }, lake) =>
      all(
        expectValue(properties, 'IsLogging', true),
        expectValue(properties, 'EnableLogFileValidation', true),
        expectValue(properties, 'IsMultiRegionTrail', true),
        expectValue(properties, 'IncludeGlobalServiceEvents', true),
        list(properties.EventSelectors).some((it) => at(it, 'IncludeManagementEvents') === false)
          ? 'IncludeManagementEvents is false, expected true'
          : undefined,
        lake.target(properties.KMSKeyId)?.type === 'AWS::KMS::Key'
          ? undefined
          : unexpected('KMSKeyId', properties.KMSKeyId, 'a key of the lake'),
      ),
  },
  {
    id: 'trail-sees-zones',
    meaning: 'Every read and write of an object of a zone is written down.',
    types: ['AWS::S3::Bucket'],
    test: (bucket, lake) =>
      !isZone(bucket) || lake.ofType(TRAIL).some((trail) => sees(trail, bucket))
        ? undefined
        : `no trail writes down who reads and writes ${bucket.place}, expected data events on all of its objects`,
  },
  {
    id: 'logs-kept',
    meaning: 'Every group of logs has a retention and a key of the lake.',
    types: ['AWS::Logs::LogGroup'],
    test: ({ properties }, lake) =>
      all(
        expectSome(properties, 'RetentionInDays', 'a number of days'),
        lake.target(properties.KmsKeyId)?.type === 'AWS::KMS::Key'
          ? undefined
          : unexpected('KmsKeyId', properties.KmsKeyId, 'a key of the lake'),
      ),
  },
  {
    id: 'budget-tells',
    meaning: 'Every budget tells somebody before it is spent, and when it is likely to be.',
    types: ['AWS::Budgets::Budget'],
    test: ({ properties }) => {
      const told = list(properties.NotificationsWithSubscribers).filter((it) => list(at(it, 'Subscribers')).length > 0);
      const has = (type: string) => told.some((it) => at(it, 'Notification.NotificationType') === type);
      const early = told.some((it) => Number(at(it, 'Notification.Threshold')) < 100);
      return all(
        Number(at(properties, 'Budget.BudgetLimit.Amount')) > 0
          ? undefined
          : 'BudgetLimit is missing, expected dollars',
        has('ACTUAL') && early
          ? undefined
          : 'nobody is told before the budget is spent, expected a threshold below 100',
        has('FORECASTED') ? undefined : 'nobody is told when the budget is likely to be spent, expected a forecast',
      );
    },
  },
];

/** Whether the trail selects reads and writes of all objects of the bucket. */
function sees({ properties }: Placed, bucket: Placed): boolean {
  const arn = `{{${bucket.stack.name}#${bucket.id}.Arn}}/`;
  const basic = list(properties.EventSelectors).some(
    (selector) =>
      ['All', undefined].includes(at(selector, 'ReadWriteType') as undefined) &&
      list(at(selector, 'DataResources')).some(
        (it) => at(it, 'Type') === 'AWS::S3::Object' && list(at(it, 'Values')).includes(arn),
      ),
  );
  const advanced = list(properties.AdvancedEventSelectors).some((selector) =>
    list(at(selector, 'FieldSelectors')).some((it) => list(at(it, 'StartsWith')).includes(arn)),
  );
  return basic || advanced;
}
