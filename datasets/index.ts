import type { Dataset } from '../core/contract/define-dataset.ts';
import { bookings } from './bookings/contract.ts';

/** Every dataset of the lake; a new one is a line here and a folder beside. */
export const datasets: readonly Dataset[] = [bookings];

/** Throws a sentence that lists the datasets there are. */
export function datasetNamed(name: string): Dataset {
  const found = datasets.find((dataset) => dataset.name === name);
  if (found) return found;
  throw new Error(`unknown dataset '${name}', expected one of ${datasets.map((it) => it.name).join(', ')}`);
}
