/** What betrays a leak in the frames that a model was trained and judged on. */
import type { FeatureRow, TargetFeatures } from '../features/feature-plan.ts';
import { crossFit, type Frame, fill, learn, readColumns } from '../features/frame.ts';
import { rocAuc } from './metrics.ts';

/** The frames as the training script read them, and the rows that they say they were made of. */
export interface JudgedFrames {
  readonly features: TargetFeatures;
  readonly rows: readonly FeatureRow[];
  readonly labels: Uint8Array;
  /** Rows with one number are equal in every input column. */
  readonly groups: Int32Array;
  readonly folds: Uint8Array;
  /** Places, in `rows`, of the rows of the two frames. */
  readonly training: Int32Array;
  readonly testing: Int32Array;
  readonly train: Frame;
  readonly test: Frame;
}

export interface LeakEvidence {
  /** The features that rank the judging rows best, alone, either way round; best first. */
  readonly strongest: readonly { readonly feature: string; readonly rocAuc: number }[];
  /** Groups of equal rows that both learn and judge. */
  readonly sharedGroups: number;
  /** Features of which a value is not the one that the training rows alone give. */
  readonly foreignFeatures: readonly string[];
}

export function findLeaks(frames: JudgedFrames): LeakEvidence {
  return {
    strongest: singleFeatures(frames).slice(0, 5),
    sharedGroups: sharedGroups(frames),
    foreignFeatures: foreignFeatures(frames),
  };
}

function singleFeatures({ test, labels, testing }: JudgedFrames) {
  const judged = testing.map((row) => labels[row] ?? 0);
  return test.names
    .map((feature, place) => {
      const values = Float32Array.from(
        { length: test.rows },
        (_, row) => test.data[row * test.names.length + place] ?? 0,
      );
      const auc = rocAuc(judged, values);
      return { feature, rocAuc: Math.max(auc, 1 - auc) };
    })
    .sort((a, b) => b.rocAuc - a.rocAuc);
}

function sharedGroups({ groups, training, testing }: JudgedFrames): number {
  const learnt = new Set(Array.from(training, (row) => groups[row]));
  return new Set(Array.from(testing, (row) => groups[row]).filter((group) => learnt.has(group))).size;
}

/** The frames are made again without the labels of the judging rows: any difference comes from these labels. */
function foreignFeatures({ features, rows, labels, folds, training, testing, train, test }: JudgedFrames): string[] {
  const columns = readColumns(features, rows);
  const blind = labels.slice();
  for (const row of testing) blind[row] = 0;
  const differing = new Set([
    ...differences(fill(columns, learn(columns, blind, training), testing), test),
    ...differences(crossFit(columns, blind, training, folds), train),
  ]);
  return [...differing];
}

function differences(right: Frame, found: Frame): string[] {
  if (String(right.names) !== String(found.names) || right.rows !== found.rows) return [...found.names];
  const width = right.names.length;
  const wrong = new Set<number>();
  for (let at = 0; at < right.data.length; at++) {
    if (!Object.is(right.data[at], found.data[at])) wrong.add(at % width);
  }
  return [...wrong].map((place) => right.names[place] ?? '');
}
