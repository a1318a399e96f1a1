/** The Lambda that judges what SageMaker has trained. */
import { tmpdir } from 'node:os';
import { featuresOf } from '../../datasets/features.ts';
import { S3ObjectStore } from '../shared/s3-store.ts';
import { zoneBuckets } from '../shared/zone-buckets.ts';
import { type JudgeEvent, judgeModel, type ModelJudgement } from './judge-model.ts';

const ports = { store: new S3ObjectStore(zoneBuckets()), scratch: tmpdir(), now: () => new Date() };

export function handler({ dataset, ...event }: JudgeEvent & { readonly dataset: string }): Promise<ModelJudgement> {
  return judgeModel(ports, featuresOf(dataset), event);
}
