import type { DatasetGenerator } from '../core/generate/dataset-generator.ts';
import { generator as bookings } from './bookings/generate.ts';

/** The datasets of which rows can be made up. */
const GENERATORS: Readonly<Record<string, DatasetGenerator>> = { bookings };

/** Throws a sentence that lists the generators there are. */
export function generatorOf(dataset: string): DatasetGenerator {
  const found = GENERATORS[dataset];
  if (found) return found;
  throw new Error(`no generator for the dataset '${dataset}', expected one of ${Object.keys(GENERATORS).join(', ')}`);
}
