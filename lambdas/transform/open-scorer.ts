import { readText } from '../../core/lake/read-object.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { featuresOf } from '../../datasets/features.ts';
import { batchScorer } from './score-batch.ts';
import type { BatchScorer } from './transform-events.ts';

export interface ScorerOnS3 {
  readonly dataset: string;
  /** Folder in curated/, without a slash at its end. */
  readonly registry: string;
  readonly store: ObjectStore;
}

/** What scores in the stream, with the registry of the lake. Bundled apart: the transform loads it at need. */
export function openScorer({ dataset, registry, store }: ScorerOnS3): BatchScorer {
  const readRegistry = (path: string) => readText(store, 'curated', `${registry}/${path}`);
  return batchScorer({ plan: featuresOf(dataset), store, readRegistry });
}
