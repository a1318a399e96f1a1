import { describe, expect, test } from 'vitest';
import { FEATURES, tinyForest } from '../../test/model/tiny-model.ts';
import { margins, parseForest } from './forest.ts';

const BASE = Math.log(0.2 / 0.8);
const lead = FEATURES.names.indexOf('purchase_lead');

describe('a forest', () => {
  const forest = parseForest(tinyForest());

  test.each([
    ['below the threshold goes left', 30.49, 0.5],
    ['at the threshold goes right', 30.5, -0.5],
    ['missing goes the learnt way', Number.NaN, -0.5],
  ])('a value %s', (_, value, leaf) => {
    const row = new Float32Array(forest.width);
    row[lead] = value;
    expect(margins(forest, row)[0]).toBeCloseTo(BASE + leaf, 6);
  });

  test('compares 32-bit values, as the library does', () => {
    const tree = tinyForest();
    const [only] = tree.learner.gradient_booster.model.trees;
    if (only) only.split_conditions[0] = 0.1;
    const row = new Float32Array(forest.width);
    // 0.1 as 32 bits is greater than 0.1 as 64 bits: equal to the threshold, which goes right.
    row[lead] = 0.1;
    expect(margins(parseForest(tree), row)[0]).toBeCloseTo(BASE - 0.5, 6);
  });
});

describe('a model file', () => {
  const damaged: readonly (readonly [string, (model: ReturnType<typeof tinyForest>) => unknown, RegExp])[] = [
    ['no learner', () => ({ version: [3] }), /has no 'learner'/],
    [
      'another objective',
      (it) => change(it, 'objective', { name: 'reg:squarederror' }),
      /reg:squarederror, expected binary/,
    ],
    ['no tree', (it) => trees(it, []), /has no trees/],
    ['a tree cut short', (it) => tree(it, { split_conditions: [30.5] }), /not equally long/],
    ['a child that is its own parent', (it) => tree(it, { left_children: [0, -1, -1] }), /child that is not there/],
    ['a child beyond the end', (it) => tree(it, { right_children: [7, -1, -1] }), /child that is not there/],
    [
      'two ways to one child',
      (it) => tree(it, { left_children: [1, 2, -1], right_children: [2, 2, -1] }),
      /two parents/,
    ],
    ['a feature that there is not', (it) => tree(it, { split_indices: [999, 0, 0] }), /asks for feature 999/],
    ['a split by categories', (it) => tree(it, { split_type: [1, 0, 0] }), /splits by categories/],
    ['a threshold that is no number', (it) => tree(it, { split_conditions: [null, 0, 0] }), /no numbers 'split_cond/],
    [
      'no base score',
      (it) => change(it, 'learner_model_param', { base_score: 'x', num_feature: '3' }),
      /base score is x, expected a probability/,
    ],
  ];

  test.each(damaged)('fails with %s', (_, damage, message) => {
    expect(() => parseForest(damage(tinyForest()))).toThrow(message);
  });
});

type Saved = ReturnType<typeof tinyForest>;

function change({ learner }: Saved, name: string, value: unknown): unknown {
  return { learner: { ...learner, [name]: value } };
}

function trees({ learner }: Saved, list: readonly unknown[]): unknown {
  return { learner: { ...learner, gradient_booster: { name: 'gbtree', model: { trees: list } } } };
}

function tree(saved: Saved, with_: object): unknown {
  return trees(saved, [{ ...saved.learner.gradient_booster.model.trees[0], ...with_ }]);
}
