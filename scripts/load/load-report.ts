import type { Figure } from '../bench/figure.ts';

/** What a part prints: what it saw on the way, and what came of it. */
export interface LoadReport {
  readonly tables: readonly {
    readonly head: readonly string[];
    readonly rows: readonly (readonly (string | number)[])[];
  }[];
  readonly figures: readonly Figure[];
}
