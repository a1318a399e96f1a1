import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface LakeAlarmProps {
  /** Heading of the alarm in `docs/runbook.md`. */
  readonly heading: string;
  readonly metric: IMetric;
  /** The alarm is raised above this value. */
  readonly above: number;
  readonly topic: ITopic;
}

/** An alarm that says where to read what to do, and says again when all is well. */
export class LakeAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { heading, metric, above, topic }: LakeAlarmProps) {
    super(scope, id);
    this.alarm = new Alarm(this, 'Alarm', {
      alarmDescription: `docs/runbook.md: ${heading}`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.alarm.addAlarmAction(new SnsAction(topic));
    this.alarm.addOkAction(new SnsAction(topic));
  }
}
