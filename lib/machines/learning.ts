/**
 * The machine that trains and scores, in the Amazon States Language (JSONPath): prepare → train → register → score in
 * batch. It ends without anything that is paid for while it idles; an endpoint is
 * there only where the environment asks for one.
 */
export interface LearningParts {
  readonly dataset: string;
  /** ARN of the function that prepares features. */
  readonly prepareFunction: string;
  /** Beginning of the names of what a run makes, and of nothing else. */
  readonly namePrefix: string;
  /** Image with XGBoost. */
  readonly image: string;
  readonly instanceType: string;
  readonly roleArn: string;
  readonly volumeKeyArn: string;
  readonly outputKeyArn: string;
  /** `s3://…` of the training script. */
  readonly code: string;
  /** Its file name there. */
  readonly codeFile: string;
  /** `s3://…` with a slash at its end. */
  readonly features: string;
  readonly models: string;
  readonly scores: string;
  readonly packageGroup: string;
  readonly topicArn: string;
  readonly endpointName: string | undefined;
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
    Comment: `Trains the model of ${parts.dataset}, registers it and scores in batch.`,
    StartAt: 'Name',
    TimeoutSeconds: 6 * 60 * 60,
    States: {
      ...name(parts),
      ...prepare(parts),
      ...train(parts),
      ...register(parts),
      ...score(parts),
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

function prepare({ dataset, prepareFunction }: LearningParts) {
  return {
    Prepare: {
      Type: 'Task',
      Resource: prepareFunction,
      Parameters: { dataset, 'run.$': NAME },
      TimeoutSeconds: 15 * 60,
      ResultPath: '$.prepared',
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Train',
    },
  };
}

function train(parts: LearningParts) {
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
          ContainerEntrypoint: ['python3', `/opt/ml/input/data/code/${parts.codeFile}`],
          ContainerArguments: ['--train', '/opt/ml/input/data/train', '--model-dir', '/opt/ml/model'],
        },
        InputDataConfig: [channel('train', features), channel('code', { S3Uri: parts.code })],
        OutputDataConfig: { S3OutputPath: parts.models, KmsKeyId: parts.outputKeyArn },
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
      Next: 'Register',
    },
  };
}

/** Waits for a person's word in the registry: what publishes a model is the gate, not the end of a training. */
function register({ packageGroup, image }: LearningParts) {
  return {
    Register: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:sagemaker:createModelPackage',
      Parameters: {
        ModelPackageGroupName: packageGroup,
        ModelApprovalStatus: 'PendingManualApproval',
        InferenceSpecification: {
          Containers: [{ Image: image, 'ModelDataUrl.$': '$.trained.artifacts' }],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
        },
      },
      ResultPath: '$.registered',
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Make model',
    },
  };
}

function score(parts: LearningParts) {
  return {
    'Make model': {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createModel',
      Parameters: {
        'ModelName.$': NAME,
        ExecutionRoleArn: parts.roleArn,
        EnableNetworkIsolation: true,
        PrimaryContainer: { Image: parts.image, 'ModelDataUrl.$': '$.trained.artifacts' },
      },
      ResultPath: null,
      Retry: RETRY,
      Catch: ALERT,
      Next: 'Score',
    },
    Score: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTransformJob.sync',
      Parameters: {
        'TransformJobName.$': NAME,
        'ModelName.$': NAME,
        TransformInput: {
          ContentType: 'text/csv',
          SplitType: 'Line',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `${parts.features}score/` } },
        },
        TransformOutput: { S3OutputPath: parts.scores, KmsKeyId: parts.outputKeyArn, AssembleWith: 'Line' },
        TransformResources: {
          InstanceType: parts.instanceType,
          InstanceCount: 1,
          VolumeKmsKeyId: parts.volumeKeyArn,
        },
      },
      ResultPath: null,
      Retry: RETRY,
      Catch: ALERT,
      Next: parts.endpointName === undefined ? 'Done' : 'Configure endpoint',
    },
  };
}

/** Made anew where the guard has removed it. */
function endpoint(parts: LearningParts) {
  const { endpointName, instanceType, volumeKeyArn } = parts;
  if (endpointName === undefined) return {};
  return {
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
