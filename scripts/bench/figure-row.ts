import { type Figure, meets } from './figure.ts';

/** A figure as a row of a table: name, target, measured, verdict, how. */
export function figureRow(figure: Figure): readonly string[] {
  const { name, measured, unit, target, detail } = figure;
  const bound = 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
  return [
    name,
    `${bound} ${unit}`,
    `${Number(measured.toPrecision(3))} ${unit}`,
    meets(figure) ? 'ok' : 'MISSED',
    detail,
  ];
}
