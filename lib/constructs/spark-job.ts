import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IgnoreMode, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJob, CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';

const SCRIPTS = fileURLToPath(new URL('../../glue-scripts/', import.meta.url));

export interface SparkJobProps {
  readonly environment: Environment;
  readonly name: string;
  readonly description: string;
  /** File of `glue-scripts/`; the other files beside it can be imported by it. */
  readonly script: string;
  /** Encrypts logs and bookmarks. */
  readonly key: IKey;
  /** Encrypts what the job writes. */
  readonly dataKey: IKey;
  /** What the script is given. */
  readonly arguments: Readonly<Record<string, string>>;
  /** What the job may do. */
  readonly statements: readonly PolicyStatement[];
  /** Files that the script reads; the job may read them. */
  readonly assets: readonly Asset[];
}

/** A Spark job of Glue 5.1 (Spark 3.5, Python 3.11): grows as it must, logs encrypted, and runs once at a time. */
export class SparkJob extends Construct {
  readonly name: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: SparkJobProps) {
    super(scope, id);
    const { environment, name, key, dataKey } = props;
    this.name = name;
    const security = new CfnSecurityConfiguration(this, 'Security', {
      name,
      encryptionConfiguration: {
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: key.keyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: key.keyArn },
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: dataKey.keyArn }],
      },
    });
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws-glue/jobs/${name}`,
      encryptionKey: key,
      retention: environment.retention.logDays,
      removalPolicy: environment.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const scripts = scriptAssets(this, props.script);
    this.role = this.jobRole(props, logs, [scripts.main, scripts.modules, ...props.assets]);
    const job = new CfnJob(this, 'Job', {
      name,
      description: props.description,
      role: this.role.roleArn,
      glueVersion: '5.1',
      workerType: 'G.1X',
      numberOfWorkers: 10,
      timeout: 120,
      maxRetries: 0,
      executionProperty: { maxConcurrentRuns: 1 },
      securityConfiguration: security.name,
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: scripts.main.s3ObjectUrl },
      defaultArguments: {
        '--job-language': 'python',
        '--enable-auto-scaling': 'true',
        '--enable-metrics': 'true',
        '--enable-observability-metrics': 'true',
        '--enable-continuous-cloudwatch-log': 'true',
        '--continuous-log-logGroup': logs.logGroupName,
        '--extra-py-files': scripts.modules.s3ObjectUrl,
        ...props.arguments,
      },
    });
    job.addResourceDependency(security);
  }

  private jobRole({ description, key, statements }: SparkJobProps, logs: LogGroup, assets: readonly Asset[]): Role {
    const { account } = Stack.of(this);
    const role = new Role(this, 'Role', {
      description,
      assumedBy: new ServicePrincipal('glue.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    const own = [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
        resources: [logs.logGroupArn],
      }),
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'Glue' } },
      }),
      new PolicyStatement({ actions: ['glue:GetSecurityConfiguration'], resources: ['*'] }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: assets.map(({ bucket, s3ObjectKey }) => bucket.arnForObjects(s3ObjectKey)),
      }),
    ];
    for (const statement of [...own, ...statements]) role.addToPolicy(statement);
    return role;
  }
}

/** The script, and the modules that it imports as one archive: an asset's own name is a hash, which none could import. */
function scriptAssets(scope: Construct, script: string) {
  const modules = readdirSync(SCRIPTS).filter((file) => file.endsWith('.py') && !JOBS.includes(file));
  return {
    main: new Asset(scope, 'Script', { path: `${SCRIPTS}${script}` }),
    modules: new Asset(scope, 'Modules', {
      path: SCRIPTS,
      exclude: ['**', ...modules.map((file) => `!${file}`)],
      ignoreMode: IgnoreMode.GIT,
    }),
  };
}

/** Files with a main of their own; all others are modules of theirs. */
const JOBS: readonly string[] = ['curate.py', 'convert.py'];
