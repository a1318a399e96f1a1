/** The contract as the JSON file that Glue jobs and training scripts read. */
import type { DatasetPlan } from './plan.ts';
import { type SparkStruct, sparkSchema } from './spark-schema.ts';

export interface ContractJson {
  readonly dataset: DatasetPlan;
  readonly spark: SparkStruct;
}

/** The same text for the same plan, byte for byte: keys in alphabetical order, lists in their own. */
export function contractJson(plan: DatasetPlan): string {
  const { name, description, key, partitionBy, columns, newestBy, retention, clean, maxRejectedShare } = plan;
  const dataset = { name, description, key, partitionBy, columns, newestBy, retention, clean, maxRejectedShare };
  const contract: ContractJson = { dataset, spark: sparkSchema(plan) };
  return `${JSON.stringify(contract, inKeyOrder, 2)}\n`;
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
