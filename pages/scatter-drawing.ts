import { valueText } from '../core/answers/answer-value.ts';
import type { Field, Scatter } from '../core/dashboards/types.ts';
import type { Chart, Reader } from './chart.ts';
import { INK } from './draw-svg.ts';
import { type NamedPoint, type PlacedName, placeNames } from './place-names.ts';
import { linearScale, magnitudeScale, type Scale } from './scatter-scale.ts';
import { shownNumber, type VisualRow } from './visual-rows.ts';

const SIZE = { width: 480, height: 360 };
const AREA = { left: 52, right: 16, bottom: 52 };
const MOST_NAMES = 14;
/** Pixels. */
const RADIUS = { least: 4, most: 18, alone: 5 };
/** Series differ in colour and in shape. */
const SHAPES = ['circle', 'diamond', 'triangle', 'rect'] as const;
const OPACITY = { full: 0.75, faded: 0.3 };

interface Point extends NamedPoint {
  readonly row: VisualRow;
  readonly group: string;
}

/** A point a row, the largest named; a faded point stands for few bookings, too few are not drawn. */
export function scatterDrawing(visual: Scatter, rows: readonly VisualRow[], reader: Reader): Chart {
  const { format, texts, language } = reader;
  const { x, y, size, series } = visual;
  const shown = rows.filter((row) => [x, y].every((field) => shownNumber(row, field) !== undefined));
  const groups = [...new Set(shown.map((row) => groupOf(visual, row)))].sort();
  const across = scaleOf(visual, shown, x);
  const up = scaleOf(visual, shown, y);
  const top = series === undefined ? 34 : 62;
  const place = placer(across, up, top);
  const points = pointsOf(visual, shown, reader, place);
  const { left, right, bottom } = AREA;
  const within = { x: left, y: top - 8, width: SIZE.width - left - right + 8, height: SIZE.height - top - bottom + 16 };
  const names = placeNames(points, within, MOST_NAMES);
  const sideOf = new Map(names.map(({ at, side }) => [points[at], side]));
  const axis = { type: 'value', axisLine: { lineStyle: { color: INK.grid } }, axisTick: { show: false } } as const;
  const label = { color: INK.soft, fontSize: 11, hideOverlap: true } as const;
  const named = { color: INK.text, fontSize: 12 } as const;
  const besides = [
    ...(visual.isLogarithmic ? [texts.magnitude] : []),
    ...(size === undefined ? [] : [`${texts.area}${texts.colon}${lowered(size.label[language])}`]),
  ];
  return {
    ...SIZE,
    option: {
      aria: { enabled: false },
      grid: { left, right, top, bottom },
      legend: {
        show: series !== undefined,
        top: 0,
        left: 0,
        itemGap: 28,
        textStyle: { color: INK.text },
        selectedMode: false,
      },
      xAxis: {
        ...axis,
        min: across.min,
        max: across.max,
        name: [x.label[language], ...besides].join(' · '),
        nameLocation: 'middle',
        nameGap: 30,
        nameTextStyle: named,
        splitLine: { show: false },
        axisLabel: {
          ...label,
          customValues: [...across.ticks],
          formatter: (at: number) => format.value(across.valueAt(at), x.format),
        },
      },
      yAxis: {
        ...axis,
        axisLine: { show: false },
        min: up.min,
        max: up.max,
        interval: (up.ticks[1] ?? 1) - (up.ticks[0] ?? 0),
        name: y.label[language],
        nameLocation: 'end',
        nameGap: 14,
        nameTextStyle: { ...named, align: 'left', padding: [0, 0, 0, -left + 4] },
        splitLine: { lineStyle: { color: INK.grid } },
        axisLabel: { ...label, formatter: (at: number) => format.value(at, y.format) },
      },
      series: groups.map((group, at) => ({
        type: 'scatter' as const,
        name: series === undefined ? y.label[language] : format.value(group, series.format),
        symbol: SHAPES[at % SHAPES.length],
        itemStyle: { color: INK.series[at % INK.series.length], borderColor: 'var(--card)', borderWidth: 1 },
        data: points
          .filter((point) => point.group === group)
          .map((point) => marked(point, visual, across, sideOf.get(point))),
        ...(at === 0 && visual.hasDiagonal && diagonal(across, up, texts.equal)),
      })),
    },
    spots: names.flatMap(({ at, box }) => {
      const row = points[at]?.row;
      return row === undefined ? [] : [{ value: valueText(row.values[visual.label.column] ?? null), ...box }];
    }),
    summary: summaryOf(visual, points, reader),
  };
}

function scaleOf(visual: Scatter, rows: readonly VisualRow[], field: Field): Scale {
  // Where both measures may be equal, both axes are.
  const fields = visual.hasDiagonal ? [visual.x, visual.y] : [field];
  const values = rows.flatMap((row) => fields.map((one) => shownNumber(row, one) ?? 0));
  if (values.length === 0) return linearScale([0, 1]);
  return field === visual.x && visual.isLogarithmic ? magnitudeScale(values) : linearScale(values);
}

function placer(across: Scale, up: Scale, top: number) {
  const [width, height] = [SIZE.width - AREA.left - AREA.right, SIZE.height - top - AREA.bottom];
  return (x: number, y: number) => ({
    x: AREA.left + (width * (across.drawn(x) - across.min)) / (across.max - across.min),
    y: top + height * (1 - (up.drawn(y) - up.min) / (up.max - up.min)),
  });
}

/** The largest first: they are named first, and lie below the small ones. */
function pointsOf(
  visual: Scatter,
  rows: readonly VisualRow[],
  { format }: Reader,
  place: (x: number, y: number) => { readonly x: number; readonly y: number },
): Point[] {
  const { x, y, label, size } = visual;
  const sizes = rows.map((row) => (size === undefined ? (row.sample ?? 0) : (shownNumber(row, size) ?? 0)));
  const most = Math.max(...sizes, 0);
  const radius = (value: number) =>
    size === undefined
      ? RADIUS.alone
      : Math.max(RADIUS.least, RADIUS.most * Math.sqrt(Math.max(0, value) / (most || 1)));
  return rows
    .map((row, at) => ({ row, size: sizes[at] ?? 0 }))
    .sort((a, b) => b.size - a.size)
    .map(({ row, size: value }) => ({
      ...place(shownNumber(row, x) ?? 0, shownNumber(row, y) ?? 0),
      radius: radius(value),
      name: format.value(row.values[label.column], label.format),
      row,
      group: groupOf(visual, row),
    }));
}

function groupOf({ series }: Scatter, { values }: VisualRow): string {
  return series === undefined ? '' : valueText(values[series.column] ?? null);
}

function marked(
  { row, radius, name }: Point,
  { x, y, hasDiagonal }: Scatter,
  across: Scale,
  side: PlacedName['side'] | undefined,
) {
  return {
    value: [across.drawn(shownNumber(row, x) ?? 0), shownNumber(row, y) ?? 0],
    symbolSize: 2 * radius,
    itemStyle: { opacity: row.isFaded ? OPACITY.faded : OPACITY.full },
    label: {
      show: side !== undefined,
      position: side ?? 'right',
      distance: 4,
      // Beside a diagonal, names would lie on it.
      offset: hasDiagonal ? [0, 9] : [0, 0],
      opacity: 1,
      formatter: name,
      color: INK.text,
      fontSize: 11,
    },
  };
}

function diagonal(across: Scale, up: Scale, name: string) {
  const style = { color: INK.target, type: 'dashed' as const, width: 1.5 };
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: style,
      label: { formatter: name, color: INK.text, fontSize: 11, position: 'insideEndTop' as const },
      data: [[{ coord: [across.min, up.min] }, { coord: [across.max, up.max] }]] as [
        { coord: number[] },
        { coord: number[] },
      ][],
    },
  };
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function summaryOf(visual: Scatter, points: readonly Point[], { format, texts, language }: Reader): string {
  const { x, y } = visual;
  const said = points.slice(0, 5).map(({ row, name }) => {
    const [across, up] = [x, y].map((field) => format.value(shownNumber(row, field), field.format));
    return `${name} ${across}, ${up}`;
  });
  const head = `${points.length} ${texts.values}${texts.colon}${x.label[language]}, ${y.label[language]}`;
  return `${head}. ${said.join('; ')}${points.length > 5 ? ' …' : ''}`;
}
