import type { Service } from '../service.ts';
import { athena } from './athena.ts';
import { cloudtrail } from './cloudtrail.ts';
import { cloudwatch } from './cloudwatch.ts';
import { firehose } from './firehose.ts';
import { glue } from './glue.ts';
import { kms } from './kms.ts';
import { lambda } from './lambda.ts';
import { sns, sqs, stepFunctions } from './messaging.ts';
import { quicksight } from './quicksight.ts';
import { s3 } from './s3.ts';
import { sagemaker } from './sagemaker.ts';

export const services: readonly Service[] = [
  s3,
  kms,
  firehose,
  lambda,
  glue,
  athena,
  quicksight,
  sagemaker,
  cloudwatch,
  cloudtrail,
  sqs,
  sns,
  stepFunctions,
];

/** Types of no service above for which AWS charges nothing, as far as a lake uses them. */
export const FREE_TYPES: readonly string[] = [
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::Events::Rule',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::LakeFormation::DataLakeSettings',
  'AWS::LakeFormation::Permissions',
  'AWS::LakeFormation::PrincipalPermissions',
  'AWS::LakeFormation::Resource',
  'AWS::SSM::Parameter',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::Scheduler::Schedule',
];
