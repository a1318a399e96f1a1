import fc from 'fast-check';
import {
  type Column,
  type DatasetPlan,
  type LakeField,
  type LakeKind,
  storedColumns,
} from '../../core/contract/plan.ts';
import { type QualityRule, qualityRules } from '../../core/contract/quality-rules.ts';
import { arbitraryValue } from '../fixtures/arbitrary-row.ts';

/** Values that break a rule of a column each, and some that look as if they did; by column. */
export function breakingValues(plan: DatasetPlan): Readonly<Record<string, readonly unknown[]>> {
  const rules = qualityRules(plan);
  return Object.fromEntries(
    storedColumns(plan).map((column) => [
      column.name,
      rules.flatMap((rule) => ('column' in rule && rule.column === column.name ? valuesAt(rule, column) : [])),
    ]),
  );
}

function valuesAt(rule: QualityRule, { type }: Column): readonly unknown[] {
  switch (rule.kind) {
    case 'complete':
      return [null];
    case 'one-of':
      return ["Tele'phone", `${rule.values[0]} `, ''];
    case 'at-least':
      return [rule.bound, below(rule.bound)].map((text) => NUMBER[type.kind]?.(text));
    case 'at-most':
      return [
        ...[rule.bound, above(rule.bound)].map((text) => NUMBER[type.kind]?.(text)),
        ...(type.kind === 'double' ? [Number.NaN] : []),
      ];
    case 'no-shorter':
    case 'no-longer': {
      const lengths = rule.kind === 'no-shorter' ? [rule.length, rule.length - 1] : [rule.length, rule.length + 1];
      if (type.kind === 'array')
        return lengths.flatMap((size) => fc.sample(listOf(type.element, size), { seed: 1, numRuns: 1 }));
      // One character to a reader of UTF-8, two to JavaScript.
      return lengths.map((length) => '😀'.repeat(length));
    }
    case 'matches':
      return ['é', 'AKLDELX', 'AKLDEL\n', '\nAKLDEL'];
    default:
      return [];
  }
}

function listOf(element: LakeField, length: number): fc.Arbitrary<unknown[]> {
  return fc.array(arbitraryValue(element), { minLength: length, maxLength: length, size: 'max' });
}

const NUMBER: Partial<Record<LakeKind, (text: string) => unknown>> = {
  int32: Number,
  int64: BigInt,
  double: Number,
  decimal: (text) => text,
};

/** The next smaller number of as many places. */
function below(bound: string): string {
  return moved(bound, -1n);
}

function above(bound: string): string {
  return moved(bound, 1n);
}

function moved(bound: string, by: bigint): string {
  const places = bound.split('.')[1]?.length ?? 0;
  const digits = BigInt(bound.replace('.', '')) + by;
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0');
  const number = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  return digits < 0n ? `-${number}` : number;
}
