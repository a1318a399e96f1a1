import type { FeatureRow } from '../../core/features/feature-plan.ts';
import type { GeneratedBatch } from '../../core/generate/dataset-generator.ts';
import { generatorOf } from '../../datasets/generators.ts';

/** Generated bookings as typed rows, without customers and times. */
export function bookingRows(count: number, seed: number): FeatureRow[] {
  const draw = generatorOf('bookings').open({ rows: count, seed });
  const rows: FeatureRow[] = [];
  for (let batch = 0; rows.length < count; batch++) rows.push(...rowsOf(draw(batch)));
  return rows;
}

function rowsOf({ rows, columns }: GeneratedBatch): FeatureRow[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name, json, parts }) => {
        const text = parts.map(({ codes, texts }) => texts[codes[row] ?? 0] ?? '').join('');
        return [name, json === 'number' ? Number(text) : json === 'boolean' ? text === '1' : text];
      }),
    ),
  );
}
