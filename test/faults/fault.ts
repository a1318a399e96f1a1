/** A thing that goes wrong, and the tests that make it go wrong for real. */
export interface Fault {
  /** `F1` to `F42`. */
  readonly id: string;
  readonly title: string;
  /** How it is brought about. */
  readonly injection: string;
  /** Tests that inject it and compare what is left with the ledger or with an undisturbed run. */
  readonly proofs: readonly Proof[];
  /**
   * Why it cannot happen: the product has no such part. Its proofs then look for the part, and it is not counted as
   * survived.
   */
  readonly absent?: string;
}

export interface Proof {
  /** Path of a test file. */
  readonly file: string;
  /** Part of the full name of a test, or of several. */
  readonly test: string;
  /** Injections in each such test where it does not count them itself; default 1. */
  readonly each?: number;
}

/** What a run says of a fault. */
export type Verdict = 'survived' | 'failed' | 'does not apply';
