import { valueText } from '../core/answers/answer-value.ts';
import type { Bar, Field } from '../core/dashboards/types.ts';
import type { Chart, Reader } from './chart.ts';
import { INK } from './draw-svg.ts';
import { shownNumber, type VisualRow } from './visual-rows.ts';

const ROW = 30;
const BOX = { width: 560, left: 170, right: 130, top: 8, bottom: 34 };
const FADED = 0.4;

/** Bars from left to right, each with its value and number of bookings in words, and its interval. */
export function barDrawing(visual: Bar, given: readonly VisualRow[], { format, set, texts }: Reader): Chart {
  const { category, value, interval } = visual;
  const rows = visual.isSorted ? sorted(given, value) : given;
  const height = BOX.top + BOX.bottom + ROW * rows.length;
  const said = rows.map((row) => {
    const number = shownNumber(row, value);
    const shown =
      number === undefined ? (row.isHidden ? `< ${set.samples.hidden}` : '–') : format.value(number, value.format);
    return row.sample === undefined ? shown : `${shown}  (${format.value(row.sample, 'count')})`;
  });
  const bounds = rows.flatMap((row, at) => {
    if (interval === undefined || row.isHidden) return [];
    return [[Number(row.values[interval.low]), Number(row.values[interval.high]), at]];
  });
  const names = rows.map((row) => format.value(row.values[category.column], category.format));
  const axis = { type: 'category', inverse: true, axisLine: { show: false }, axisTick: { show: false } } as const;
  const label = { color: INK.text, fontSize: 12, interval: 0 } as const;
  return {
    width: BOX.width,
    height,
    option: {
      aria: { enabled: false },
      grid: { left: BOX.left, right: BOX.right, top: BOX.top, bottom: BOX.bottom },
      xAxis: {
        type: 'value',
        splitNumber: 4,
        axisLabel: {
          color: INK.soft,
          fontSize: 11,
          hideOverlap: true,
          formatter: (at: number) => format.value(at, value.format),
        },
        splitLine: { lineStyle: { color: INK.grid } },
      },
      yAxis: [
        { ...axis, data: names, axisLabel: { ...label, width: BOX.left - 45, overflow: 'truncate' } },
        { ...axis, data: said, position: 'right', axisLabel: { ...label, color: INK.soft } },
      ],
      series: [
        {
          type: 'bar',
          barWidth: 16,
          data: rows.map((row) => ({
            value: shownNumber(row, value) ?? null,
            itemStyle: { color: INK.series[0], opacity: row.isFaded ? FADED : 1 },
          })),
        },
        whiskers(bounds),
      ],
    },
    spots: rows.map((row, at) => ({
      value: valueText(row.values[category.column] ?? null),
      x: 0,
      y: BOX.top + ROW * at,
      width: BOX.width,
      height: ROW,
    })),
    summary: summaryOf(names, said, texts.values),
  };
}

/** Bars side by side, one colour a series. */
export function groupedBarDrawing(
  visual: Bar & { readonly series: Field },
  rows: readonly VisualRow[],
  { format }: Reader,
): Chart {
  const { category, value, series } = visual;
  const keys = (field: Field) => [...new Set(rows.map((row) => valueText(row.values[field.column] ?? null)))];
  const [categories, groups] = [keys(category), keys(series)];
  const find = (one: string, group: string) =>
    rows.find(
      (row) =>
        valueText(row.values[category.column] ?? null) === one &&
        valueText(row.values[series.column] ?? null) === group,
    );
  const name = (text: string, field: Field) => format.value(text, field.format);
  return {
    width: BOX.width,
    height: 300,
    option: {
      aria: { enabled: false },
      grid: { left: 52, right: 12, top: 40, bottom: 30 },
      legend: { itemGap: 28, top: 0, left: 0, itemWidth: 14, textStyle: { color: INK.text }, selectedMode: false },
      xAxis: {
        type: 'category',
        data: categories.map((one) => name(one, category)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: INK.grid } },
        axisLabel: { color: INK.text, fontSize: 12, interval: 0 },
      },
      yAxis: {
        type: 'value',
        axisLabel: { color: INK.soft, fontSize: 11, formatter: (at: number) => format.value(at, value.format) },
        splitLine: { lineStyle: { color: INK.grid } },
      },
      series: groups.map((group, at) => ({
        type: 'bar' as const,
        name: name(group, series),
        itemStyle: { color: INK.series[at % INK.series.length] },
        label: {
          show: true,
          position: 'insideBottom' as const,
          color: 'var(--on-series)',
          fontSize: 11,
          formatter: ({ value: shown }: { readonly value?: unknown }) => format.value(Number(shown), value.format),
        },
        data: categories.map((one) => {
          const row = find(one, group);
          return {
            value: (row === undefined ? undefined : shownNumber(row, value)) ?? null,
            itemStyle: { opacity: row?.isFaded ? FADED : 1 },
          };
        }),
      })),
    },
    summary: rows
      .map((row) =>
        [category, series, value].map((field) => format.value(row.values[field.column], field.format)).join(' '),
      )
      .join('; '),
  };
}

function sorted(rows: readonly VisualRow[], field: Field): VisualRow[] {
  const at = (row: VisualRow) => shownNumber(row, field) ?? Number.NEGATIVE_INFINITY;
  return [...rows].sort((a, b) => at(b) - at(a));
}

function summaryOf(names: readonly string[], said: readonly string[], values: string): string {
  const shown = names.slice(0, 5).map((name, at) => `${name} ${said[at]}`);
  return `${names.length} ${values}: ${shown.join('; ')}${names.length > 5 ? ' …' : ''}`;
}

/** ECharts has no error bars: each is a line with two ends. */
function whiskers(bounds: readonly (readonly number[])[]) {
  return {
    type: 'custom' as const,
    silent: true,
    z: 5,
    encode: { x: [0, 1], y: 2 },
    data: bounds.map((bound) => [...bound]),
    renderItem: (_: unknown, api: { value(at: number): unknown; coord(at: readonly unknown[]): readonly number[] }) => {
      const [x1 = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
      const [x2 = 0] = api.coord([api.value(1), api.value(2)]);
      const line = (a: number, b: number, c: number, d: number) => ({
        type: 'line' as const,
        shape: { x1: a, y1: b, x2: c, y2: d },
        style: { stroke: INK.text, lineWidth: 1.25 },
      });
      return {
        type: 'group' as const,
        children: [line(x1, y, x2, y), line(x1, y - 4, x1, y + 4), line(x2, y - 4, x2, y + 4)],
      };
    },
  };
}
