export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  /** Change of y for one x. */
  readonly slope: number;
  /** Standard error of the slope. */
  readonly slopeError: number;
  readonly at: (x: number) => number;
}

/** The straight line through points with the least sum of squares (ordinary least squares). Needs three points. */
export function leastSquares(points: readonly Point[]): Line {
  if (points.length < 3) throw new Error(`found ${points.length} points, a line with an error needs at least 3`);
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2));
  const slope = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
  const at = (x: number) => meanY + slope * (x - meanX);
  const variance = sum(points.map(({ x, y }) => (y - at(x)) ** 2)) / (points.length - 2);
  return { slope, slopeError: Math.sqrt(variance / spread), at };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
