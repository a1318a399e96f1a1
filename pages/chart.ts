import type { Bar, DashboardSet, HeatMap, Language, Line, Scatter } from '../core/dashboards/types.ts';
import { barDrawing, groupedBarDrawing } from './bar-drawing.ts';
import type { Drawing } from './draw-svg.ts';
import type { ValueFormat } from './format-value.ts';
import { heatMapDrawing } from './heat-map-drawing.ts';
import { lineDrawing } from './line-drawing.ts';
import type { PageTexts } from './page-texts.ts';
import { scatterDrawing } from './scatter-drawing.ts';
import type { VisualRow } from './visual-rows.ts';

export interface Reader {
  readonly set: DashboardSet;
  readonly format: ValueFormat;
  readonly texts: PageTexts;
  readonly language: Language;
}

/** A place of the drawing that stands for one value of a filter, in its pixels. */
export interface Spot {
  readonly value: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Chart extends Drawing {
  /** What a reader who does not see it must know. */
  readonly summary: string;
  readonly spots?: readonly Spot[];
}

export type Drawn = Bar | HeatMap | Line | Scatter;

/** How the rows of a visual are drawn. */
export function chartOf(visual: Drawn, rows: readonly VisualRow[], reader: Reader): Chart {
  if (visual.kind === 'line') return lineDrawing(visual, rows, reader);
  if (visual.kind === 'heat map') return heatMapDrawing(visual, rows, reader);
  if (visual.kind === 'scatter') return scatterDrawing(visual, rows, reader);
  return visual.series === undefined
    ? barDrawing(visual, rows, reader)
    : groupedBarDrawing({ ...visual, series: visual.series }, rows, reader);
}
