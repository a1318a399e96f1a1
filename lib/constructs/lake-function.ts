import { type Duration, RemovalPolicy, type Size } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, CfnFunction, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { lambdaCode } from '../lambda-code.ts';
import { acknowledge, WAITS_TWICE } from './acknowledge.ts';

export interface LakeFunctionProps {
  readonly environment: Environment;
  readonly description: string;
  /** Folder under `lambdas/` whose `handler.ts` exports `handler`. */
  readonly name: string;
  /** Encrypts variables and logs; CloudWatch may use it. */
  readonly key: IKey;
  readonly memoryMiB: number;
  readonly timeout: Duration;
  /** @default - half a gibibyte */
  readonly scratch?: Size;
  readonly variables: Readonly<Record<string, string>>;
  /** What it may do beside writing its log. */
  readonly statements: readonly PolicyStatement[];
  /**
   * Packages that are installed beside the bundle, for the function's machine and not for the one that deploys.
   *
   * @default - all is in the bundle
   */
  readonly packages?: readonly string[];
}

/** Reason for which neither a function nor its queue has a place of its own for what failed. */
export const CALLED =
  'Whoever calls the function sees its failure and keeps what it was given: a queue moves a message that failed five times to its dead-letter queue, Firehose writes records to its error prefix, a state machine catches, and events are retried.';

/** A function of the lake, with a role and a log group of its own. */
export class LakeFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: LakeFunctionProps) {
    const { environment, description, key, packages = [] } = props;
    const logs = new LogGroup(scope, `${id}Logs`, {
      encryptionKey: key,
      retention: environment.retention.logDays,
      removalPolicy: environment.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const logging = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
    });
    const ownKey = new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] });
    for (const statement of [logging, ownKey, ...props.statements]) role.addToPolicy(statement);
    super(scope, id, {
      description,
      code: lambdaCode(props.name, packages),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.X86_64,
      memorySize: props.memoryMiB,
      ...(props.scratch && { ephemeralStorageSize: props.scratch }),
      timeout: props.timeout,
      role,
      logGroup: logs,
      environmentEncryption: key,
      tracing: Tracing.ACTIVE,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.variables },
    });
    this.acknowledgeFindings();
  }

  private acknowledgeFindings() {
    const type = CfnFunction.CFN_RESOURCE_TYPE_NAME;
    acknowledge(
      this,
      type,
      ['checkov:CKV_AWS_117', 'cdk-nag:NIST.800.53.R5-LambdaInsideVPC', 'control-tower:CT.LAMBDA.PR.3'],
      'The function calls services of AWS by their own doors, with TLS and its own exact role, and one of them also a chat out of a fixed list of hosts: a network around it would guard nothing more, and would cost an endpoint for each service.',
    );
    acknowledge(
      this,
      type,
      ['checkov:CKV_AWS_115', 'cdk-nag:NIST.800.53.R5-LambdaConcurrency'],
      'New accounts may run ten functions at a time and then refuse any reservation; the queues bound how many run, and an alarm tells of those held back.',
    );
    acknowledge(
      this,
      type,
      ['checkov:CKV_AWS_116', 'cdk-nag:NIST.800.53.R5-LambdaDLQ', 'cdk-nag:Serverless-LambdaDLQ'],
      CALLED,
    );
    acknowledge(this, type, ['cfn-lint:W3005'], WAITS_TWICE);
  }
}
