import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';

export interface LakeMachineProps {
  readonly environment: Environment;
  readonly name: string;
  readonly description: string;
  /** Encrypts the executions and their logs. */
  readonly key: IKey;
  /** In the Amazon States Language. */
  readonly definition: (machineArn: string) => object;
  /** What the machine may do. */
  readonly statements: readonly PolicyStatement[];
  /** When it starts by itself: names to expressions of the scheduler, in the time of Paris. */
  readonly schedules: Readonly<Record<string, string>>;
}

/** A state machine with a role, an encrypted log and a timetable of its own. */
export class LakeMachine extends Construct {
  readonly machineArn: string;
  readonly role: Role;
  /** What the timetable could not start. */
  readonly unstarted: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: LakeMachineProps) {
    super(scope, id);
    const { environment, name, key } = props;
    const { partition, region, account } = Stack.of(this);
    // Known before the machine is made, because the machine asks about itself.
    this.machineArn = `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
    const logs = new LogGroup(this, 'Logs', {
      // This beginning needs no line in the account's resource policy for logs, which has room for ten.
      logGroupName: `/aws/vendedlogs/states/${name}`,
      encryptionKey: key,
      retention: environment.retention.logDays,
      removalPolicy: environment.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.unstarted = new DeadLetterQueue(this, 'Unstarted', { key, retain: environment.deletionProtection });
    this.role = this.machineRole(props);
    const machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: 'STANDARD',
      roleArn: this.role.roleArn,
      definitionString: Stack.of(this).toJsonString(props.definition(this.machineArn)),
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: key.keyArn,
        kmsDataKeyReusePeriodSeconds: 300,
      },
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
    });
    // Step Functions tries its role when the machine is made, so the policy comes first.
    machine.node.addDependency(this.role.node.findChild('DefaultPolicy'));
    this.startBy(machine, props);
  }

  private machineRole({ description, key, statements }: LakeMachineProps): Role {
    const { account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      description,
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    const own = [
      new PolicyStatement({
        actions: ['states:ListExecutions'],
        resources: [this.machineArn],
      }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
      // AWS names no resource for the delivery of logs and for traces.
      new PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
      }),
    ];
    for (const statement of [...own, ...statements]) role.addToPolicy(statement);
    return role;
  }

  private startBy(machine: CfnStateMachine, { name, schedules, key }: LakeMachineProps) {
    const role = new Role(this, 'ScheduleRole', {
      description: `Starts ${name} by the timetable.`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.ref] }));
    role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.unstarted.queueArn] }));
    for (const [reason, scheduleExpression] of Object.entries(schedules)) {
      new CfnSchedule(this, reason, {
        name: `${name}-${reason}`,
        scheduleExpression,
        scheduleExpressionTimezone: 'Europe/Paris',
        flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 15 },
        kmsKeyArn: key.keyArn,
        target: {
          arn: machine.ref,
          roleArn: role.roleArn,
          input: JSON.stringify({ reason }),
          retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
          deadLetterConfig: { arn: this.unstarted.queueArn },
        },
      });
    }
  }
}
