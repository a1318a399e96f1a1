import { valueText } from '../core/answers/answer-value.ts';
import type { Line } from '../core/dashboards/types.ts';
import type { Chart, Reader } from './chart.ts';
import { INK } from './draw-svg.ts';
import { timeOf } from './format-value.ts';
import { shownNumber, type VisualRow } from './visual-rows.ts';

/** Lines differ in colour, in stroke and in the marks of their points. */
const STROKES = ['solid', 'dashed', 'dotted', 'solid'] as const;
const MARKS = ['circle', 'rect', 'triangle', 'diamond'] as const;
/** Above this many points their marks hide the line. */
const MARKED_POINTS = 70;

/** Up to this many days, an axis tells days and not months. */
const NEAR_DAYS = 92;
const DAY = 86_400_000;

/** One line a series over time. Where times are simulated, the ground says so. */
export function lineDrawing(visual: Line, rows: readonly VisualRow[], { format, texts }: Reader): Chart {
  const { x, y, series, target } = visual;
  const time = (row: VisualRow) => timeOf(row.values[x.column] ?? null);
  const groups = [...new Set(rows.map((row) => (series ? valueText(row.values[series.column] ?? null) : '')))];
  const drawn = groups.map((group) =>
    rows.filter((row) => !series || valueText(row.values[series.column] ?? null) === group),
  );
  const times = rows.map(time);
  const isNear = Math.max(...times) - Math.min(...times) <= NEAR_DAYS * DAY;
  const simulated = rows.filter(({ isSimulated }) => isSimulated).map(time);
  return {
    width: 1140,
    height: 300,
    option: {
      useUTC: true,
      aria: { enabled: false },
      grid: { left: 56, right: 24, top: series === undefined ? 14 : 40, bottom: 30 },
      legend: {
        show: series !== undefined,
        itemGap: 28,
        top: 0,
        left: 0,
        textStyle: { color: INK.text },
        selectedMode: false,
      },
      xAxis: {
        type: 'time',
        axisLine: { lineStyle: { color: INK.grid } },
        axisLabel: {
          color: INK.soft,
          fontSize: 11,
          hideOverlap: true,
          formatter: (at: number) => format.shortDay(at, isNear),
        },
        minInterval: (isNear ? 1 : 28) * DAY,
      },
      yAxis: {
        type: 'value',
        min: 0,
        axisLabel: { color: INK.soft, fontSize: 11, formatter: (at: number) => format.value(at, y.format) },
        splitLine: { lineStyle: { color: INK.grid } },
      },
      series: drawn.map((own, at) => ({
        type: 'line' as const,
        name: series === undefined ? y.column : format.value(groups[at], series.format),
        color: INK.series[at % INK.series.length],
        lineStyle: { width: 2, type: STROKES[at % STROKES.length] },
        symbol: MARKS[at % MARKS.length],
        symbolSize: 6,
        showSymbol: own.length <= MARKED_POINTS,
        data: own.map((row) => ({
          value: [time(row), shownNumber(row, y) ?? null],
          itemStyle: { opacity: row.isFaded ? 0.4 : 1 },
        })),
        ...(at === 0 && simulated.length > 0 && band(Math.min(...simulated), Math.max(...simulated), texts.simulated)),
        ...(at === 0 && target !== undefined && goal(target, `${texts.target} ${format.value(target, y.format)}`)),
      })),
    },
    summary: drawn.map((own, at) => summaryOf(visual, own, groups[at] ?? '', { format, texts })).join('; '),
  };
}

function band(first: number, last: number, name: string) {
  return {
    markArea: {
      silent: true,
      itemStyle: { color: INK.simulated },
      label: { color: INK.soft, fontSize: 11, position: 'insideBottomRight' as const },
      data: [[{ name, xAxis: first }, { xAxis: last }]] as [{ name: string; xAxis: number }, { xAxis: number }][],
    },
  };
}

function goal(level: number, name: string) {
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: INK.target, type: 'dashed' as const, width: 1.5 },
      label: { formatter: name, color: INK.text, fontSize: 11, position: 'insideStartTop' as const },
      data: [{ yAxis: level }],
    },
  };
}

function summaryOf(
  { y, x, series }: Line,
  rows: readonly VisualRow[],
  group: string,
  { format, texts }: Pick<Reader, 'format' | 'texts'>,
): string {
  const known = rows.filter((row) => shownNumber(row, y) !== undefined);
  const by = [...known].sort((a, b) => (shownNumber(a, y) ?? 0) - (shownNumber(b, y) ?? 0));
  const say = (row: VisualRow | undefined) =>
    row === undefined
      ? '–'
      : `${format.value(shownNumber(row, y), y.format)} (${format.value(row.values[x.column], x.format)})`;
  const name = series === undefined ? '' : `${format.value(group, series.format)}: `;
  return `${name}${rows.length} ${texts.values}, ${texts.lowest} ${say(by[0])}, ${texts.highest} ${say(by.at(-1))}`;
}
