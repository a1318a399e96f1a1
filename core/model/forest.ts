/**
 * XGBoost's trees as flat arrays, read from the JSON that the library saves
 * (https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html) and walked as its CPU predictor walks them:
 * 32-bit values, `value < threshold` goes left, a missing value goes the learnt way.
 */

export interface Forest {
  /** Features of a row. */
  readonly width: number;
  /** The margin, in log odds, that the trees add to. */
  readonly baseMargin: number;
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Steps from the root of each tree to its deepest leaf. */
  readonly depths: Int32Array;
  /** Feature that a node asks for. */
  readonly features: Int32Array;
  /** Threshold of a node; that of a leaf is below every value. */
  readonly thresholds: Float32Array;
  /** Left child, the right one is next to it. The right child of a leaf is the leaf: a walk stays there. */
  readonly lefts: Int32Array;
  /** What a leaf adds to the margin. */
  readonly leaves: Float32Array;
  /** 1 where a missing value goes right. */
  readonly missingRight: Uint8Array;
}

/** A model file that cannot be what the library saved, or that this reader does not know. */
export class DamagedModel extends Error {
  override readonly name = 'DamagedModel';
}

/** Rows that walk a tree before the next tree is fetched. */
const BLOCK = 512;

/** Adds up the margins, in log odds, of row-major 32-bit features. */
export function margins(forest: Forest, data: Float32Array): Float32Array {
  const rows = data.length / forest.width;
  const sums = new Float32Array(rows).fill(forest.baseMargin);
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK);
    const whole = isWhole(data, from * forest.width, to * forest.width);
    for (let tree = 0; tree < forest.roots.length; tree++) {
      if (whole) walkWhole(forest, tree, data, sums, from, to);
      else walk(forest, tree, data, sums, from, to);
    }
  }
  return sums;
}

function isWhole(data: Float32Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (Number.isNaN(data[at])) return false;
  return true;
}

/**
 * Every row takes as many steps as the tree is deep, and no step is a branch: nothing for a processor to mispredict.
 * Four rows walk at a time, so that one's memory is fetched while another's is waited for.
 */
function walkWhole(forest: Forest, tree: number, data: Float32Array, sums: Float32Array, from: number, to: number) {
  const { width, features, thresholds, lefts, leaves } = forest;
  const root = forest.roots[tree] as number;
  const depth = forest.depths[tree] as number;
  let row = from;
  for (; row + 3 < to; row += 4) {
    const a = row * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    let [i, j, k, l] = [root, root, root, root];
    for (let step = 0; step < depth; step++) {
      const [p, q] = [data[a + (features[i] as number)] as number, data[b + (features[j] as number)] as number];
      const [r, s] = [data[c + (features[k] as number)] as number, data[d + (features[l] as number)] as number];
      i = (lefts[i] as number) + +(p >= (thresholds[i] as number));
      j = (lefts[j] as number) + +(q >= (thresholds[j] as number));
      k = (lefts[k] as number) + +(r >= (thresholds[k] as number));
      l = (lefts[l] as number) + +(s >= (thresholds[l] as number));
    }
    sums[row] = (sums[row] as number) + (leaves[i] as number);
    sums[row + 1] = (sums[row + 1] as number) + (leaves[j] as number);
    sums[row + 2] = (sums[row + 2] as number) + (leaves[k] as number);
    sums[row + 3] = (sums[row + 3] as number) + (leaves[l] as number);
  }
  if (row < to) walk(forest, tree, data, sums, row, to);
}

function walk(forest: Forest, tree: number, data: Float32Array, sums: Float32Array, from: number, to: number) {
  const { width, features, thresholds, lefts, leaves, missingRight } = forest;
  const root = forest.roots[tree] as number;
  const depth = forest.depths[tree] as number;
  for (let row = from; row < to; row++) {
    const offset = row * width;
    let node = root;
    for (let step = 0; step < depth; step++) {
      const value = data[offset + (features[node] as number)] as number;
      const isRight = Number.isNaN(value) ? (missingRight[node] as number) : +(value >= (thresholds[node] as number));
      node = (lefts[node] as number) + isRight;
    }
    sums[row] = (sums[row] as number) + (leaves[node] as number);
  }
}

/** Throws `DamagedModel` with a sentence. */
export function parseForest(model: unknown): Forest {
  const learner = at(model, 'learner');
  const booster = at(learner, 'gradient_booster');
  const objective = at(at(learner, 'objective'), 'name');
  if (objective !== 'binary:logistic') refuse(`the objective is ${objective}, expected binary:logistic`);
  if (at(booster, 'name') !== 'gbtree') refuse(`the booster is ${at(booster, 'name')}, expected gbtree`);
  const parameters = at(learner, 'learner_model_param');
  const width = Number(at(parameters, 'num_feature'));
  const trees = at(at(booster, 'model'), 'trees');
  if (!Array.isArray(trees) || trees.length === 0) return refuse('it has no trees');
  if (!(width > 0)) refuse('it names no features');
  return layOut(
    width,
    baseMargin(at(parameters, 'base_score')),
    trees.map((tree) => readTree(tree, width)),
  );
}

interface Tree {
  readonly lefts: readonly number[];
  readonly rights: readonly number[];
  readonly features: readonly number[];
  readonly values: readonly number[];
  readonly defaultLeft: readonly number[];
}

function readTree(tree: unknown, width: number): Tree {
  const lefts = numbers(tree, 'left_children');
  const rights = numbers(tree, 'right_children');
  const features = numbers(tree, 'split_indices');
  const values = numbers(tree, 'split_conditions');
  const defaultLeft = numbers(tree, 'default_left');
  const count = lefts.length;
  if ([rights, features, values, defaultLeft].some(({ length }) => length !== count)) {
    refuse('the arrays of a tree are not equally long');
  }
  if (numbers(tree, 'split_type').some((type) => type !== 0)) refuse('a tree splits by categories');
  for (let node = 0; node < count; node++) {
    const [left = -1, right = -1] = [lefts[node], rights[node]];
    if (left === -1 && right === -1) continue;
    // Children stand behind their parent, so no walk can go round.
    if (!(left > node && right > node && left < count && right < count)) refuse('a node has a child that is not there');
    const feature = features[node] ?? -1;
    if (!(feature >= 0 && feature < width)) refuse(`a node asks for feature ${feature} of ${width}`);
  }
  return { lefts, rights, features, values, defaultLeft };
}

/** Each tree breadth first, children side by side. */
function layOut(width: number, base: number, trees: readonly Tree[]): Forest {
  const size = trees.reduce((sum, { lefts }) => sum + lefts.length, 0);
  const forest = {
    width,
    baseMargin: base,
    roots: new Int32Array(trees.length),
    depths: new Int32Array(trees.length),
    features: new Int32Array(size),
    thresholds: new Float32Array(size).fill(Number.NEGATIVE_INFINITY),
    lefts: Int32Array.from({ length: size }, (_, node) => node - 1),
    leaves: new Float32Array(size),
    missingRight: new Uint8Array(size).fill(1),
  };
  let next = 0;
  for (const [number, tree] of trees.entries()) {
    forest.roots[number] = next;
    const order = [{ node: 0, depth: 0 }];
    for (const [rank, { node, depth }] of order.entries()) {
      const place = next + rank;
      const left = tree.lefts[node] ?? -1;
      if (left < 0) {
        forest.leaves[place] = tree.values[node] ?? 0;
        forest.depths[number] = Math.max(forest.depths[number] ?? 0, depth);
        continue;
      }
      forest.features[place] = tree.features[node] ?? 0;
      forest.thresholds[place] = tree.values[node] ?? 0;
      forest.missingRight[place] = tree.defaultLeft[node] === 1 ? 0 : 1;
      forest.lefts[place] = next + order.length;
      order.push({ node: left, depth: depth + 1 }, { node: tree.rights[node] ?? -1, depth: depth + 1 });
      if (order.length > tree.lefts.length) refuse('a node has two parents');
    }
    next += order.length;
  }
  return forest;
}

/** The library writes a probability, alone or as a list of one: `1.5E-1` or `[1.5E-1]`. */
function baseMargin(text: unknown): number {
  const score = Number(String(text).replace(/^\[(.*)\]$/, '$1'));
  if (!(score > 0 && score < 1)) return refuse(`its base score is ${text}, expected a probability`);
  return Math.log(score / (1 - score));
}

function numbers(tree: unknown, name: string): number[] {
  const list = at(tree, name);
  if (!Array.isArray(list) || !list.every((it) => Number.isFinite(it)))
    return refuse(`a tree has no numbers '${name}'`);
  return list;
}

function at(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !(name in value)) return refuse(`it has no '${name}'`);
  return (value as Readonly<Record<string, unknown>>)[name];
}

function refuse(what: string): never {
  throw new DamagedModel(`the model file is damaged or of another kind: ${what}`);
}
