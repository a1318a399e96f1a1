/** What is wrong with a definition of QuickSight, by name. */

/** As in `unknown-column`. */
export type FaultName =
  | 'unknown-column'
  | 'unknown-data-set'
  | 'duplicate-id'
  | 'dangling-reference'
  | 'unusable-combination'
  | 'wrong-aggregation'
  | 'over-limit'
  | 'bad-id'
  | 'incomplete';

export interface Fault {
  readonly name: FaultName;
  /** Lower case, with what was found and what would be right. */
  readonly sentence: string;
}

export function fault(name: FaultName, sentence: string): Fault {
  return { name, sentence };
}
