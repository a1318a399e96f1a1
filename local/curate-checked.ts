import { checkCandidate } from './check-candidate.ts';
import { type CuratedTable, type CurateInput, curate } from './curate.ts';

export interface CurateCheckedInput extends Omit<CurateInput, 'accept'> {
  /** Names of checks that may be broken this once. */
  readonly despite?: readonly string[] | undefined;
}

/** Brings the curated tables up to the ledger where no check of a publication is broken; else throws `ChecksFailed`. */
export function curateChecked({ despite = [], ...input }: CurateCheckedInput): Promise<CuratedTable[]> {
  return curate({ ...input, accept: (candidates) => checkCandidate({ ...input, candidates, despite }) });
}
