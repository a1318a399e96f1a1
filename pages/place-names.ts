/** A point of a drawing that has a name, in its pixels. */
export interface NamedPoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly name: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedName {
  /** Index of the point. */
  readonly at: number;
  readonly side: 'right' | 'left';
  /** The name with its point, high enough to be clicked. */
  readonly box: Box;
}

/** Pixels of a letter at the size of names, rather too many than too few. */
const LETTER = 7.2;
/** The least that WCAG 2.2 lets a target be. */
const TARGET = 24;
const GAP = 4;

/**
 * Names beside their points, the first points first, as many as fit: no name lies over another, over a point, or
 * outside `within`. The others are in the table below the drawing.
 */
export function placeNames(points: readonly NamedPoint[], within: Box, most: number): PlacedName[] {
  const placed: PlacedName[] = [];
  for (const [at, point] of points.entries()) {
    if (placed.length >= most) break;
    const found = SIDES.map((side) => ({ at, side, box: boxOf(point, side) })).find(
      ({ side, box }) =>
        isInside(box, within) &&
        placed.every((other) => !overlaps(other.box, box)) &&
        points.every((other) => other === point || !overlaps(nameOnly(point, side), around(other))),
    );
    if (found !== undefined) placed.push(found);
  }
  return placed;
}

const SIDES = ['right', 'left'] as const;

function boxOf({ x, y, radius, name }: NamedPoint, side: PlacedName['side']): Box {
  const width = Math.max(TARGET, 2 * radius + GAP + LETTER * name.length);
  const height = Math.max(TARGET, 2 * radius);
  return { x: side === 'right' ? x - radius : x + radius - width, y: y - height / 2, width, height };
}

function nameOnly(point: NamedPoint, side: PlacedName['side']): Box {
  const width = LETTER * point.name.length;
  const x = side === 'right' ? point.x + point.radius + GAP : point.x - point.radius - GAP - width;
  return { x, y: point.y - 7, width, height: 14 };
}

function around({ x, y, radius }: NamedPoint): Box {
  return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
}

function isInside(box: Box, within: Box): boolean {
  return (
    box.x >= within.x &&
    box.y >= within.y &&
    box.x + box.width <= within.x + within.width &&
    box.y + box.height <= within.y + within.height
  );
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
