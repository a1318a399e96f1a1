/**
 * The machine that trains and scores, in the Amazon States Language (JSONPath): prepare → train → evaluate → gate →
 * register → score → publish. It ends without anything that is paid for while it idles; an endpoint is there only where
 * the environment asks for one.
 */
export interface LearningParts {
  readonly dataset: string;
  /** ARNs of the functions behind the steps. */
  readonly functions: Readonly<Record<'prepare' | 'judge' | 'score' | 'publish', string>>;
  /** Beginning of the names of what a run makes, and of nothing else. */
  readonly namePrefix: string;
  /** Image with XGBoost. */
  readonly image: string;
  readonly instanceType: string;
  readonly roleArn: string;
  readonly volumeKeyArn: string;
  readonly outputKeyArn: string;
  readonly scripts: { readonly train: Script; readonly inference: Script };
  readonly seed: number;
  /** What tuning may cost: see `ml/train.py`. */
  readonly budget: 'full' | 'reduced';
  /** `s3://…` with a slash at its end. */
  readonly features: string;
  readonly trainings: string;
  readonly packageGroup: string;
  readonly topicArn: string;
  readonly endpointName: string | undefined;
}

export interface Script {
  /** `s3://…`. */
  readonly address: string;
  /** Its file name there. */
  readonly file: string;
}

const RETRY = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 30, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'FULL' },
];
const ALERT = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Alert' }];
const RUN = '$$.Execution.Name';

/** Of the jobs, the model and the configuration of this run: SageMaker takes no names as long as those of executions. */
const NAME = '$.name.of';

export function learningMachine(parts: LearningParts): object {
  return {
    Comment: `Trains the model of ${parts.dataset}, judges it, scores with it and publishes it.`,
    StartAt: 'Name',
    TimeoutSeconds: 6 * 60 * 60,
    States: {
      ...name(parts),
      ...prepare(parts),
      ...train(parts),
      ...evaluate(parts),
      ...register(parts),
      ...score(parts),
      ...publish(parts),
      ...endpoint(parts),
      ...end(parts),
    },
  };
}

function name({ namePrefix }: LearningParts) {
  return {
    Name: {
      Type: 'Pass',
      Parameters: { 'of.$': `States.Format('${namePrefix}-{}', States.UUID())` },
      ResultPath: '$.name',
      Next: 'Prepare',
    },
  };
}

function prepare({ dataset, functions }: LearningParts) {
  return call('Prepare', functions.prepare, { dataset, 'run.$': NAME }, '$.prepared', 'Train');
}

function call(state: string, Resource: string, Parameters: object, ResultPath: string | null, Next: string) {
  const TimeoutSeconds = 15 * 60;
  return {
    [state]: { Type: 'Task', Resource, Parameters, TimeoutSeconds, ResultPath, Retry: RETRY, Catch: ALERT, Next },
  };
}

function train(parts: LearningParts) {
  const { scripts } = parts;
  const channel = (ChannelName: string, address: object) => ({
    ChannelName,
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', ...address, S3DataDistributionType: 'FullyReplicated' } },
  });
  const features = { 'S3Uri.$': `States.Format('${parts.features}{}/', ${NAME})` };
  return {
    Train: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Parameters: {
        'TrainingJobName.$': NAME,
        RoleArn: parts.roleArn,
        AlgorithmSpecification: {
          TrainingImage: parts.image,
          TrainingInputMode: 'File',
          ContainerEntrypoint: ['python3', `/opt/ml/input/data/code/${scripts.train.file}`],
          ContainerArguments: Object.entries({
            train: '/opt/ml/input/data/train',
            'model-dir': '/opt/ml/model',
            inference: `/opt/ml/input/data/inference/${scripts.inference.file}`,
            seed: String(parts.seed),
            budget: parts.budget,
          }).flatMap(([name, value]) => [`--${name}`, value]),
        },
        InputDataConfig: [
          channel('train', features),
          channel('code', { S3Uri: scripts.train.address }),
          channel('inference', { S3Uri: scripts.inference.address }),
        ],
        OutputDataConfig: { S3OutputPath: parts.trainings, KmsKeyId: parts.outputKeyArn },
        ResourceConfig: {
          InstanceType: parts.instanceType,
          InstanceCount: 1,
          VolumeSizeInGB: 10,
          VolumeKmsKeyId: parts.volumeKeyArn,
        },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
        EnableNetworkIsolation: true,
        EnableInterContainerTrafficEncryption: true,
      },
      ResultSelector: { 'artifacts.$': '$.ModelArtifacts.S3ModelArtifacts' },
      ResultPath: '$.trained',
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Evaluate',
    },
  };
}

/** The gate is the laptop's own: `core/model/gate.ts`, called by the function. */
function evaluate({ dataset, functions, seed, budget }: LearningParts) {
  const training = {
    dataset,
    'run.$': NAME,
    'tableVersion.$': '$.prepared.tableVersion',
    'fingerprint.$': '$.prepared.fingerprint',
    'artifacts.$': '$.trained.artifacts',
    seed,
    budget,
  };
  return {
    ...call('Evaluate', functions.judge, training, '$.judged', 'Gate'),
    Gate: {
      Type: 'Choice',
      Choices: [{ Variable: '$.judged.hasPassed', BooleanEquals: true, Next: 'Register' }],
      Default: 'Refused',
    },
    Refused: {
      Type: 'Pass',
      Parameters: { Error: 'GateRefused', 'Cause.$': '$.judged.refusal' },
      ResultPath: '$.error',
      Next: 'Alert',
    },
  };
}

/** Pending until it is published: what passed the gate may still fail to score. */
function register({ packageGroup, image }: LearningParts) {
  return {
    Register: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:sagemaker:createModelPackage',
      Parameters: {
        ModelPackageGroupName: packageGroup,
        'ModelPackageDescription.$': '$.judged.version',
        ModelApprovalStatus: 'PendingManualApproval',
        InferenceSpecification: {
          Containers: [container(image)],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
        },
        'CustomerMetadataProperties.$': '$.judged.metadata',
      },
      ResultPath: '$.registered',
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Score',
    },
  };
}

/** As `ml/train.py` packs it: the code that serves lies beside the model. */
function container(Image: string) {
  return {
    Image,
    'ModelDataUrl.$': '$.trained.artifacts',
    Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
  };
}

/** All that the lake holds, before anyone relies on the version: one that cannot score is not published. */
function score({ dataset, functions }: LearningParts) {
  return call('Score', functions.score, { dataset, 'run.$': NAME }, '$.scored', 'Publish');
}

function publish({ dataset, functions, endpointName }: LearningParts) {
  return {
    ...call('Publish', functions.publish, { dataset, 'run.$': NAME }, '$.published', 'Approve'),
    Approve: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:sagemaker:updateModelPackage',
      Parameters: {
        'ModelPackageArn.$': '$.registered.ModelPackageArn',
        ModelApprovalStatus: 'Approved',
        'ApprovalDescription.$': "States.Format('{} passed the gate and is the champion.', $.published.champion)",
      },
      ResultPath: null,
      Retry: RETRY,
      Catch: ALERT,
      Next: endpointName === undefined ? 'Done' : 'Make model',
    },
  };
}

/** Made anew where the guard has removed it. */
function endpoint(parts: LearningParts) {
  const { endpointName, image, instanceType, roleArn, volumeKeyArn } = parts;
  if (endpointName === undefined) return {};
  return {
    'Make model': {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createModel',
      Parameters: {
        'ModelName.$': NAME,
        ExecutionRoleArn: roleArn,
        EnableNetworkIsolation: true,
        PrimaryContainer: container(image),
      },
      ResultPath: null,
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Configure endpoint',
    },
    'Configure endpoint': {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createEndpointConfig',
      Parameters: {
        'EndpointConfigName.$': NAME,
        KmsKeyId: volumeKeyArn,
        ProductionVariants: [
          { VariantName: 'all', 'ModelName.$': NAME, InitialInstanceCount: 1, InstanceType: instanceType },
        ],
      },
      ResultPath: null,
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Change endpoint',
    },
    'Change endpoint': {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:updateEndpoint',
      Parameters: { EndpointName: endpointName, 'EndpointConfigName.$': NAME },
      ResultPath: null,
      Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 2 }],
      // There is none to be changed.
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Make endpoint' }],
      Next: 'Done',
    },
    'Make endpoint': {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createEndpoint',
      Parameters: { EndpointName: endpointName, 'EndpointConfigName.$': NAME },
      ResultPath: null,
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Done',
    },
  };
}

function end({ dataset, topicArn }: LearningParts) {
  return {
    Done: { Type: 'Succeed' },
    Alert: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: {
        TopicArn: topicArn,
        Subject: `Laketwin: the model of ${dataset} was not renewed`,
        'Message.$': `States.Format('The run {} of the model of ${dataset} stopped: {} {} The model before stays.', ${RUN}, $.error.Error, $.error.Cause)`,
      },
      ResultPath: null,
      Retry: RETRY,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Failed' }],
      Next: 'Failed',
    },
    Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  };
}
