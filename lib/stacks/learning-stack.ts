import { fileURLToPath } from 'node:url';
import { Duration, Size, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { LakeKey } from '../constructs/lake-key.ts';
import { LakeMachine } from '../constructs/lake-machine.ts';
import { ScoreFeedback } from '../constructs/score-feedback.ts';
import type { Environment } from '../environments.ts';
import { learningMachine } from '../machines/learning.ts';
import { findStatement, listStatement, locateStatement, readStatement, writeStatement } from '../statements.ts';
import type { AlertsStack } from './alerts-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface LearningStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly alerts: AlertsStack;
}

const SCRIPT = fileURLToPath(new URL('../../ml/train.py', import.meta.url));
/** The dataset whose completion is learnt. */
const DATASET = 'bookings';
/** Folders of the curated zone. */
const [FEATURES, MODELS, SCORES] = ['features', 'models', 'scores'].map((folder) => `${folder}/${DATASET}`) as [
  string,
  string,
  string,
];
const INSTANCE = 'ml.m5.large';

/** Accounts that keep SageMaker's own images, from its list of registry paths. */
const IMAGE_ACCOUNTS: Readonly<Record<string, string>> = {
  'eu-central-1': '492215442770',
  'eu-west-1': '141502667606',
  'eu-west-3': '659782779980',
  'us-east-1': '683313688378',
  'us-west-2': '246618743249',
};

export interface EndpointGuard {
  readonly guard: IFunction;
  /** Hours in which the guard could not be called. */
  readonly unguarded: IQueue;
}

/** How the booking model is trained, registered and used in volumes; nothing here costs while it idles. */
export class LearningStack extends Stack {
  readonly machine: LakeMachine;
  /** Prepares the features of a training. */
  readonly preparing: LakeFunction;
  /** Removes an endpoint that nobody calls; none where the environment has no endpoint. */
  readonly guard: EndpointGuard | undefined;
  /** Judges the model by the outcomes that come. */
  readonly feedback: ScoreFeedback;
  readonly #props: LearningStackProps;
  readonly #key: LakeKey;

  constructor(scope: Construct, id: string, props: LearningStackProps) {
    const { environment, storage: _s, alerts: _a, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#props = props;
    this.#key = new LakeKey(this, 'Key', {
      description: 'Encrypts the disks of trainings, the machine and its logs.',
      retain: environment.deletionProtection,
    });
    this.#key.letLogs();
    const group = new CfnModelPackageGroup(this, 'Models', {
      modelPackageGroupName: `laketwin-${environment.name}-${DATASET}`,
      modelPackageGroupDescription: `Versions of the model of ${DATASET}, with what was measured of each.`,
    });
    this.preparing = this.prepare();
    this.machine = this.learning(group.modelPackageGroupName);
    this.machine.node.addDependency(group);
    this.guard = environment.endpoint && this.endpointGuard(environment.endpoint.idleHours);
    const { storage } = props;
    this.feedback = new ScoreFeedback(this, 'Feedback', { environment, storage, key: this.#key, dataset: DATASET });
  }

  private learning(packageGroup: string): LakeMachine {
    const { environment, storage, alerts } = this.#props;
    const { curated } = storage.zones;
    const code = new Asset(this, 'Script', { path: SCRIPT });
    const role = this.trainingRole(code);
    const prepare = this.preparing;
    const folder = (prefix: string) => `s3://${curated.bucket.bucketName}/${prefix}/`;
    return new LakeMachine(this, 'Learning', {
      environment,
      name: `laketwin-${environment.name}-learning`,
      description: `Trains the model of ${DATASET} and scores with it.`,
      key: this.#key,
      definition: () =>
        learningMachine({
          dataset: DATASET,
          prepareFunction: prepare.functionArn,
          namePrefix: this.namePrefix(),
          image: this.image(),
          instanceType: INSTANCE,
          roleArn: role.roleArn,
          volumeKeyArn: this.#key.keyArn,
          outputKeyArn: curated.key.keyArn,
          code: code.s3ObjectUrl,
          codeFile: code.s3ObjectKey,
          features: folder(FEATURES),
          models: folder(MODELS),
          scores: folder(SCORES),
          packageGroup,
          topicArn: alerts.topic.topicArn,
          endpointName: environment.endpoint && this.endpointName(),
        }),
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [prepare.functionArn] }),
        ...this.driving(role, packageGroup),
      ],
      schedules: { monthly: 'cron(0 4 1 * ? *)' },
    });
  }

  private prepare(): LakeFunction {
    const { environment, storage } = this.#props;
    const { raw, processed, curated, rejected } = storage.zones;
    const tables = [DATASET, `_manifests/${DATASET}`];
    return new LakeFunction(this, 'Prepare', {
      environment,
      description: `Prepares the features of ${DATASET} for a training.`,
      name: 'prepare-features',
      key: this.#key,
      memoryMiB: 3008,
      scratch: Size.gibibytes(4),
      timeout: Duration.minutes(15),
      variables: {
        RAW_BUCKET: raw.bucket.bucketName,
        PROCESSED_BUCKET: processed.bucket.bucketName,
        CURATED_BUCKET: curated.bucket.bucketName,
        REJECTED_BUCKET: rejected.bucket.bucketName,
      },
      packages: ['@duckdb/node-api'],
      statements: [findStatement([curated]), ...readStatement(curated, tables), ...writeStatement(curated, [FEATURES])],
    });
  }

  private image(): string {
    const account = IMAGE_ACCOUNTS[this.region];
    if (account === undefined) {
      const known = Object.keys(IMAGE_ACCOUNTS).join(', ');
      throw new Error(`no image of XGBoost is known for the region ${this.region}, expected one of ${known}`);
    }
    return `${account}.dkr.ecr.${this.region}.amazonaws.com/sagemaker-xgboost:3.0-5`;
  }

  /** A run adds 37 characters, and SageMaker takes 63. */
  private namePrefix(): string {
    return `laketwin-${this.#props.environment.name}`;
  }

  private endpointName(): string {
    return `${this.namePrefix()}-${DATASET}`;
  }

  /** Reads features and code, writes models and scores, and fetches the image: no more. */
  private trainingRole(code: Asset): Role {
    const { curated } = this.#props.storage.zones;
    const role = new Role(this, 'TrainingRole', {
      description: 'Trainings and scorings of SageMaker.',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const logs = `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:/aws/sagemaker`;
    const images = `arn:${this.partition}:ecr:${this.region}:${IMAGE_ACCOUNTS[this.region]}:repository/sagemaker-xgboost`;
    const statements = [
      locateStatement([curated]),
      listStatement(curated, [FEATURES, MODELS, SCORES]),
      ...readStatement(curated, [FEATURES, MODELS]),
      ...writeStatement(curated, [MODELS, SCORES]),
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [code.bucket.arnForObjects(code.s3ObjectKey)],
      }),
      new PolicyStatement({
        actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
        resources: [this.#key.keyArn],
      }),
      new PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: ['TrainingJobs', 'TransformJobs', 'Endpoints/*'].map((kind) => `${logs}/${kind}:*`),
      }),
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
      }),
      new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
      new PolicyStatement({
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [images],
      }),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }

  private driving(role: Role, packageGroup: string): PolicyStatement[] {
    const { environment, alerts } = this.#props;
    const place = `arn:${this.partition}:sagemaker:${this.region}:${this.account}`;
    const prefix = this.namePrefix();
    const own = [
      { actions: ['CreateTrainingJob', 'DescribeTrainingJob', 'StopTrainingJob'], kinds: [`training-job/${prefix}-*`] },
      {
        actions: ['CreateTransformJob', 'DescribeTransformJob', 'StopTransformJob'],
        kinds: [`transform-job/${prefix}-*`],
      },
      { actions: ['CreateModel'], kinds: [`model/${prefix}-*`] },
      {
        actions: ['CreateModelPackage'],
        kinds: [`model-package-group/${packageGroup}`, `model-package/${packageGroup}/*`],
      },
      { actions: ['AddTags'], kinds: [`training-job/${prefix}-*`, `transform-job/${prefix}-*`, `model/${prefix}-*`] },
    ];
    const serving = [
      { actions: ['CreateEndpointConfig'], kinds: [`endpoint-config/${prefix}-*`] },
      {
        actions: ['CreateEndpoint', 'UpdateEndpoint'],
        kinds: [`endpoint/${this.endpointName()}`, `endpoint-config/${prefix}-*`],
      },
    ];
    return [
      ...[...own, ...(environment.endpoint === undefined ? [] : serving)].map(
        ({ actions, kinds }) =>
          new PolicyStatement({
            actions: actions.map((action) => `sagemaker:${action}`),
            resources: kinds.map((kind) => `${place}:${kind}`),
          }),
      ),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
      // Step Functions follows a job by a rule of its own making.
      new PolicyStatement({
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: ['Training', 'Transform'].map(
          (kind) =>
            `arn:${this.partition}:events:${this.region}:${this.account}:rule/StepFunctionsGetEventsForSageMaker${kind}JobsRule`,
        ),
      }),
      new PolicyStatement({ actions: ['sns:Publish'], resources: [alerts.topic.topicArn] }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [alerts.key.keyArn] }),
    ];
  }

  private endpointGuard(idleHours: number): EndpointGuard {
    const name = this.endpointName();
    const sageMaker = `arn:${this.partition}:sagemaker:${this.region}:${this.account}`;
    const guard = new LakeFunction(this, 'Guard', {
      environment: this.#props.environment,
      description: 'Removes an endpoint that nobody calls.',
      name: 'remove-idle-endpoint',
      key: this.#key,
      memoryMiB: 256,
      timeout: Duration.minutes(1),
      variables: { ENDPOINT_NAME: name, IDLE_HOURS: String(idleHours) },
      statements: [
        // AWS names no resource for either.
        new PolicyStatement({ actions: ['sagemaker:ListEndpoints'], resources: ['*'] }),
        new PolicyStatement({ actions: ['cloudwatch:GetMetricStatistics'], resources: ['*'] }),
        new PolicyStatement({ actions: ['sagemaker:DeleteEndpoint'], resources: [`${sageMaker}:endpoint/${name}`] }),
      ],
    });
    const retain = this.#props.environment.deletionProtection;
    const unguarded = new DeadLetterQueue(this, 'Unguarded', { key: this.#key, retain });
    new Rule(this, 'GuardHourly', {
      description: 'Looks for an endpoint that nobody calls.',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(guard, { retryAttempts: 3, deadLetterQueue: unguarded })],
    });
    return { guard, unguarded };
  }
}
