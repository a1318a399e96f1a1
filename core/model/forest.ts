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
  /** Feature that a node asks for; -1 for a leaf. */
  readonly features: Int16Array;
  /** Threshold of a node, or the value of a leaf. */
  readonly values: Float32Array;
  /** Left child; the right one is next to it. */
  readonly lefts: Int32Array;
  /** 1 where a missing value goes right. */
  readonly missingRight: Uint8Array;
}

/** A model file that cannot be what the library saved, or that this reader does not know. */
export class DamagedModel extends Error {
  override readonly name = 'DamagedModel';
}

/** Rows that walk a tree before the next tree is fetched. */
const BLOCK = 256;

/** Adds up the margins, in log odds, of row-major 32-bit features. */
export function margins(forest: Forest, data: Float32Array): Float32Array {
  const { width, roots, features, values, lefts, missingRight } = forest;
  const rows = data.length / width;
  const sums = new Float32Array(rows).fill(forest.baseMargin);
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK);
    for (let tree = 0; tree < roots.length; tree++) {
      const root = roots[tree] as number;
      for (let row = from; row < to; row++) {
        const offset = row * width;
        let node = root;
        let feature = features[node] as number;
        while (feature >= 0) {
          const value = data[offset + feature] as number;
          const left = lefts[node] as number;
          if (value < (values[node] as number)) node = left;
          else node = left + (Number.isNaN(value) ? (missingRight[node] as number) : 1);
          feature = features[node] as number;
        }
        sums[row] = (sums[row] as number) + (values[node] as number);
      }
    }
  }
  return sums;
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
    features: new Int16Array(size).fill(-1),
    values: new Float32Array(size),
    lefts: new Int32Array(size),
    missingRight: new Uint8Array(size),
  };
  let next = 0;
  trees.forEach((tree, number) => {
    const start = next;
    forest.roots[number] = start;
    const order = [0];
    for (const [rank, node] of order.entries()) {
      const place = start + rank;
      forest.values[place] = tree.values[node] ?? 0;
      const left = tree.lefts[node] ?? -1;
      if (left < 0) continue;
      forest.features[place] = tree.features[node] ?? -1;
      forest.missingRight[place] = tree.defaultLeft[node] === 1 ? 0 : 1;
      forest.lefts[place] = start + order.length;
      order.push(left, tree.rights[node] ?? -1);
      if (order.length > tree.lefts.length) refuse('a node has two parents');
    }
    next = start + order.length;
  });
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
