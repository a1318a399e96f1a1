import { fileURLToPath } from 'node:url';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
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
import { type ModelFunctions, modelFolders, modelFunctions } from '../constructs/model-functions.ts';
import { ScoreFeedback } from '../constructs/score-feedback.ts';
import type { Environment } from '../environments.ts';
import { learningMachine, type Script } from '../machines/learning.ts';
import { listStatement, locateStatement, readStatement, writeStatement } from '../statements.ts';
import type { AlertsStack } from './alerts-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface LearningStackProps extends StackProps {
  readonly environment: Environment;
  readonly storage: StorageStack;
  readonly alerts: AlertsStack;
}

const SCRIPTS = fileURLToPath(new URL('../../ml/', import.meta.url));
/** The dataset whose completion is learnt. */
const DATASET = 'bookings';
const FOLDERS = modelFolders(DATASET);
const SEED = 1;
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

/** How the booking model is trained, judged, registered and used; nothing here costs while it idles. */
export class LearningStack extends Stack {
  readonly machine: LakeMachine;
  readonly functions: ModelFunctions;
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
    this.functions = modelFunctions(this, { environment, storage: props.storage, key: this.#key, dataset: DATASET });
    this.machine = this.learning(group.modelPackageGroupName);
    this.machine.node.addDependency(group);
    this.guard = environment.endpoint && this.endpointGuard(environment.endpoint.idleHours);
    const { score } = this.functions;
    this.feedback = new ScoreFeedback(this, 'Feedback', { environment, score, key: this.#key, dataset: DATASET });
  }

  private learning(packageGroup: string): LakeMachine {
    const { environment, storage, alerts } = this.#props;
    const { curated } = storage.zones;
    const [train, inference] = [
      new Asset(this, 'Script', { path: `${SCRIPTS}train.py` }),
      new Asset(this, 'Inference', { path: `${SCRIPTS}inference.py` }),
    ];
    const role = this.trainingRole([train, inference]);
    const functions = Object.entries(this.functions).map(([step, { functionArn }]) => [step, functionArn] as const);
    const folder = (prefix: string) => `s3://${curated.bucket.bucketName}/${prefix}/`;
    return new LakeMachine(this, 'Learning', {
      environment,
      name: `laketwin-${environment.name}-learning`,
      description: `Trains the model of ${DATASET} and scores with it.`,
      key: this.#key,
      definition: () =>
        learningMachine({
          dataset: DATASET,
          functions: Object.fromEntries(functions) as Record<keyof ModelFunctions, string>,
          namePrefix: this.namePrefix(),
          image: this.image(),
          instanceType: INSTANCE,
          roleArn: role.roleArn,
          volumeKeyArn: this.#key.keyArn,
          outputKeyArn: curated.key.keyArn,
          scripts: { train: scriptOf(train), inference: scriptOf(inference) },
          seed: SEED,
          budget: 'full',
          features: folder(FOLDERS.features),
          trainings: folder(FOLDERS.trainings),
          packageGroup,
          topicArn: alerts.topic.topicArn,
          endpointName: environment.endpoint && this.endpointName(),
        }),
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions.map(([, arn]) => arn) }),
        ...this.driving(role, packageGroup),
      ],
      schedules: { monthly: 'cron(0 4 1 * ? *)' },
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

  /** Reads features and code, writes what it trained, serves it, and fetches the image: no more. */
  private trainingRole(scripts: readonly Asset[]): Role {
    const { curated } = this.#props.storage.zones;
    const role = new Role(this, 'TrainingRole', {
      description: 'Trainings and endpoints of SageMaker.',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const logs = `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:/aws/sagemaker`;
    const images = `arn:${this.partition}:ecr:${this.region}:${IMAGE_ACCOUNTS[this.region]}:repository/sagemaker-xgboost`;
    const statements = [
      locateStatement([curated]),
      listStatement(curated, [FOLDERS.features, FOLDERS.trainings]),
      ...readStatement(curated, [FOLDERS.features, FOLDERS.outputs]),
      ...writeStatement(curated, [FOLDERS.outputs]),
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: scripts.map(({ bucket, s3ObjectKey }) => bucket.arnForObjects(s3ObjectKey)),
      }),
      new PolicyStatement({
        actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
        resources: [this.#key.keyArn],
      }),
      new PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: ['TrainingJobs', 'Endpoints/*'].map((kind) => `${logs}/${kind}:*`),
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
        actions: ['CreateModelPackage'],
        kinds: [`model-package-group/${packageGroup}`, `model-package/${packageGroup}/*`],
      },
      { actions: ['UpdateModelPackage'], kinds: [`model-package/${packageGroup}/*`] },
      { actions: ['AddTags'], kinds: [`training-job/${prefix}-*`] },
    ];
    const serving = [
      { actions: ['CreateModel', 'AddTags'], kinds: [`model/${prefix}-*`] },
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
        resources: [
          `arn:${this.partition}:events:${this.region}:${this.account}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule`,
        ],
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

function scriptOf({ s3ObjectUrl, s3ObjectKey }: Asset): Script {
  return { address: s3ObjectUrl, file: s3ObjectKey };
}
