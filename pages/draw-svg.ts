/** Drawings by ECharts without a browser, as SVG that a strict content policy lets pass. */
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([
  BarChart,
  CustomChart,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  ScatterChart,
  SVGRenderer,
]);

export type ChartOption = Parameters<echarts.ECharts['setOption']>[0];

/** Colours of the style sheet, so that one drawing serves light and dark. */
export const INK = {
  text: 'var(--text)',
  soft: 'var(--soft)',
  grid: 'var(--grid)',
  target: 'var(--target)',
  simulated: 'var(--simulated)',
  series: ['var(--series-1)', 'var(--series-2)', 'var(--series-3)', 'var(--series-4)'],
} as const;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly option: ChartOption;
}

/** The insides of an `<svg>` of the drawing's size. */
export function drawSvg({ width, height, option }: Drawing): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ ...option, animation: false, textStyle: { fontFamily: 'inherit', color: INK.text } });
    return inside(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** Styles stand in attributes of their own: the policy forbids style attributes and style elements. */
function inside(svg: string): string {
  return svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => attributes(style));
}

const KEPT = /^(?:font-(?:size|weight|style)|text-anchor|dominant-baseline|opacity)$/;

function attributes(style: string): string {
  const pairs = style.split(';').map((pair) => pair.split(':').map((part) => part.trim()));
  return pairs.map(([name = '', value = '']) => (KEPT.test(name) ? ` ${name}="${value}"` : '')).join('');
}
