import { BATCH_ROWS, type DatasetGenerator } from './dataset-generator.ts';
import { lineEncoder } from './line-encoder.ts';

export type GeneratedRow = Readonly<Record<string, unknown>>;

/**
 * Rows without end, as a source system sends them: with all columns, their own key among them, and the present as
 * their time. The same seed gives the same keys again, so a later stream with it sends newer versions of its rows.
 */
export function* endlessRows(
  generator: DatasetGenerator,
  { seed, now }: { readonly seed: number; readonly now: () => Date },
): Generator<GeneratedRow, never> {
  for (let index = 0; ; index++) {
    const batch = generator.open({ rows: Number.POSITIVE_INFINITY, seed, at: now() })(index);
    const encoder = lineEncoder(batch.columns, 'jsonl');
    const write = encoder.open(batch);
    const line = Buffer.allocUnsafe(encoder.maxLineBytes);
    for (let row = 0; row < BATCH_ROWS; row++) {
      const text = line.toString('utf8', 0, write(row, row + 1, line, 0));
      yield { ...(JSON.parse(text) as GeneratedRow), [generator.timeColumn]: now().toISOString() };
    }
  }
}
