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
  /**
   * Steps from the root of each tree to its leaves. All paths are equally long: where the library's tree has a leaf
   * above, nodes are put in whose leaves are all the same. So a node needs no pointer: below `n` are `2n` and `2n + 1`.
   */
  readonly depths: Int32Array;
  /** Place before the root of each tree, which is node 1, and before its first leaf. */
  readonly nodes: Int32Array;
  readonly leaves: Int32Array;
  /** Feature that a node asks for. */
  readonly features: Int32Array;
  /** Threshold of a node, see `orderKeys`. */
  readonly thresholds: Int32Array;
  /** 1 where a missing value goes right. */
  readonly missingRight: Uint8Array;
  /** What the leaves add to the margin. */
  readonly values: Float32Array;
}

/** A model file that cannot be what the library saved, or that this reader does not know. */
export class DamagedModel extends Error {
  override readonly name = 'DamagedModel';
}

/** Rows that walk a tree before the next tree is fetched. */
const BLOCK = 512;
/** Beyond it, equally long paths would take too much memory. */
const MOST_DEPTH = 12;
/** The key of a missing value. */
const MISSING = -(2 ** 31);

/** Adds up the margins, in log odds, of row-major 32-bit features. */
export function margins(forest: Forest, data: Float32Array): Float32Array {
  const { width } = forest;
  const rows = data.length / width;
  const sums = new Float32Array(rows).fill(forest.baseMargin);
  const keys = new Int32Array(BLOCK * width);
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK);
    const block = data.subarray(from * width, to * width);
    const walk = orderKeys(block, keys) ? walkMissing : walkWhole;
    for (let tree = 0; tree < forest.depths.length; tree++) walk(forest, tree, keys, sums, from, to - from);
  }
  return sums;
}

/** Whole numbers in the order of 32-bit floats, which compare faster. Returns whether any value is missing. */
function orderKeys(values: Float32Array, keys: Int32Array): boolean {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let isMissing = false;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) {
      isMissing = true;
      keys[at] = MISSING;
    } else {
      const own = bits[at] as number;
      // The order of negative floats is that of their bits turned round; -0 and 0 are one value.
      keys[at] = value === 0 ? 0 : own ^ ((own >> 31) & 0x7fffffff);
    }
  }
  return isMissing;
}

/**
 * No step is a branch: nothing for a processor to mispredict. Four rows walk at a time, so that one's memory is fetched
 * while another's is waited for.
 */
function walkWhole(forest: Forest, tree: number, keys: Int32Array, sums: Float32Array, first: number, count: number) {
  const { width, features, thresholds, values } = forest;
  const node = forest.nodes[tree] as number;
  const depth = forest.depths[tree] as number;
  const leaf = (forest.leaves[tree] as number) - 2 ** depth;
  let row = 0;
  for (; row + 3 < count; row += 4) {
    const a = row * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    let i = 1;
    let j = 1;
    let k = 1;
    let l = 1;
    for (let step = 0; step < depth; step++) {
      const p = (keys[a + (features[node + i] as number)] as number) >= (thresholds[node + i] as number);
      const q = (keys[b + (features[node + j] as number)] as number) >= (thresholds[node + j] as number);
      const r = (keys[c + (features[node + k] as number)] as number) >= (thresholds[node + k] as number);
      const s = (keys[d + (features[node + l] as number)] as number) >= (thresholds[node + l] as number);
      i = (i << 1) + +p;
      j = (j << 1) + +q;
      k = (k << 1) + +r;
      l = (l << 1) + +s;
    }
    const at = first + row;
    sums[at] = (sums[at] as number) + (values[leaf + i] as number);
    sums[at + 1] = (sums[at + 1] as number) + (values[leaf + j] as number);
    sums[at + 2] = (sums[at + 2] as number) + (values[leaf + k] as number);
    sums[at + 3] = (sums[at + 3] as number) + (values[leaf + l] as number);
  }
  if (row < count) walkMissing(forest, tree, keys.subarray(row * width), sums, first + row, count - row);
}

function walkMissing(forest: Forest, tree: number, keys: Int32Array, sums: Float32Array, first: number, count: number) {
  const { width, features, thresholds, missingRight, values } = forest;
  const root = forest.nodes[tree] as number;
  const depth = forest.depths[tree] as number;
  const leaf = (forest.leaves[tree] as number) - 2 ** depth;
  for (let row = 0; row < count; row++) {
    let node = 1;
    for (let step = 0; step < depth; step++) {
      const key = keys[row * width + (features[root + node] as number)] as number;
      const isRight = +(key >= (thresholds[root + node] as number));
      node = (node << 1) + (key === MISSING ? (missingRight[root + node] as number) : isRight);
    }
    sums[first + row] = (sums[first + row] as number) + (values[leaf + node] as number);
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

function layOut(width: number, baseMargin: number, trees: readonly Tree[]): Forest {
  const depths = Int32Array.from(trees, (tree) => depthOf(tree));
  const size = depths.reduce((sum, depth) => sum + 2 ** depth, 0);
  const forest = {
    width,
    baseMargin,
    depths,
    nodes: new Int32Array(trees.length),
    leaves: new Int32Array(trees.length),
    features: new Int32Array(size),
    thresholds: new Int32Array(size),
    missingRight: new Uint8Array(size),
    values: new Float32Array(size),
  };
  let next = 0;
  for (const [number, tree] of trees.entries()) {
    const depth = depths[number] ?? 0;
    forest.nodes[number] = next;
    forest.leaves[number] = next;
    place(forest, next, tree, depth);
    next += 2 ** depth;
  }
  return forest;
}

/** Fills a tree from its root: `held` is the library's node that stands, or still stands, at each node of ours. */
function place(forest: Forest, start: number, tree: Tree, depth: number): void {
  const held = new Int32Array(2 ** (depth + 1));
  for (let node = 1; node < 2 ** depth; node++) {
    const own = held[node] ?? 0;
    const left = tree.lefts[own] ?? -1;
    held[2 * node] = left < 0 ? own : left;
    held[2 * node + 1] = left < 0 ? own : (tree.rights[own] ?? 0);
    if (left < 0) continue;
    forest.features[start + node] = tree.features[own] ?? 0;
    orderKeys(Float32Array.of(tree.values[own] ?? 0), forest.thresholds.subarray(start + node, start + node + 1));
    forest.missingRight[start + node] = tree.defaultLeft[own] === 1 ? 0 : 1;
  }
  for (let leaf = 0; leaf < 2 ** depth; leaf++) {
    forest.values[start + leaf] = tree.values[held[2 ** depth + leaf] ?? 0] ?? 0;
  }
}

/** Children stand behind their parent, so one pass finds the depth of every node. */
function depthOf({ lefts, rights }: Tree): number {
  const depths = new Int32Array(lefts.length);
  for (let node = 0; node < lefts.length; node++) {
    for (const child of [lefts[node] ?? -1, rights[node] ?? -1]) {
      if (child < 0) continue;
      if ((depths[child] ?? 0) > 0) refuse('a node has two parents');
      depths[child] = (depths[node] ?? 0) + 1;
    }
  }
  const depth = Math.max(...depths);
  return depth <= MOST_DEPTH ? depth : refuse(`a tree is ${depth} deep, expected at most ${MOST_DEPTH}`);
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
