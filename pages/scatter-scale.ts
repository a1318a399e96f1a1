/** Axes of a scatter, computed here so that names and links can be placed beside the points. */

export interface Scale {
  /** The ends of the axis and its marks, as they are drawn. */
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  /** From a value to where it is drawn, and back. */
  readonly drawn: (value: number) => number;
  readonly valueAt: (drawn: number) => number;
}

/** Round marks from below the least to above the most; from 0 where that is near. */
export function linearScale(values: readonly number[]): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const from = least >= 0 && least < 0.6 * most ? 0 : least;
  const step = roundStep((most - from) / 5 || Math.abs(most) || 1);
  const first = Math.floor(from / step);
  const last = Math.max(first + 1, Math.ceil((most + 0.08 * (most - from)) / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  const same = (value: number) => value;
  return { min: ticks[0] ?? 0, max: ticks.at(-1) ?? 1, ticks, drawn: same, valueAt: same };
}

/** Marks at 1, 2 and 5 of each magnitude, at 1 and 3 over more than two of them. Values below 1 have no place and stand at 1. */
export function magnitudeScale(values: readonly number[]): Scale {
  const drawn = (value: number) => Math.log10(Math.max(1, value));
  const [least, most] = [Math.max(1, Math.min(...values)), Math.max(1, ...values)];
  const parts = most / least > 100 ? [1, 3] : [1, 2, 5];
  const marks = Array.from({ length: 19 }, (_, power) => parts.map((part) => part * 10 ** power)).flat();
  const first = marks.findLastIndex((mark) => mark <= least);
  const last = Math.max(
    first + 1,
    marks.findIndex((mark) => mark > most),
  );
  const ticks = marks.slice(first, last + 1).map(drawn);
  return { min: ticks[0] ?? 0, max: ticks.at(-1) ?? 1, ticks, drawn, valueAt: (at) => Math.round(10 ** at) };
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function roundStep(step: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5, 10].find((part) => part * magnitude >= step * 0.999) ?? 10) * magnitude;
}
