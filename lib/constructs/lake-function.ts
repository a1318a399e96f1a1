import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy, type Size } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../environments.ts';

export interface LakeFunctionProps {
  readonly environment: Environment;
  readonly description: string;
  /** File under `lambdas/` that exports `handler`. */
  readonly entry: string;
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

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Tells npm which of a package's binaries to install. */
const LAMBDA_MACHINE = { npm_config_os: 'linux', npm_config_cpu: 'x64', npm_config_libc: 'glibc' };

/** A function of the lake, with a role and a log group of its own. */
export class LakeFunction extends NodejsFunction {
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
      entry: `${ROOT}lambdas/${props.entry}`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.X86_64,
      memorySize: props.memoryMiB,
      ...(props.scratch && { ephemeralStorageSize: props.scratch }),
      timeout: props.timeout,
      role,
      logGroup: logs,
      environmentEncryption: key,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.variables },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        sourceMap: true,
        externalModules: ['@aws-sdk/*', ...packages],
        ...(packages.length > 0 && { nodeModules: [...packages], environment: LAMBDA_MACHINE }),
      },
    });
  }
}
