import { valueText } from '../core/answers/answer-value.ts';
import type { HeatMap } from '../core/dashboards/types.ts';
import type { Chart, Reader } from './chart.ts';
import { INK } from './draw-svg.ts';
import { shownNumber, type VisualRow } from './visual-rows.ts';

/** Steps of the one hue, from the style sheet. */
const STEPS = 7;
const ROW = 30;

interface Cell {
  readonly at: readonly [number, number];
  readonly step: number;
  readonly text: string;
  readonly isFaded: boolean;
}

/** Cells in steps of one hue, each with its value; a faded cell stands for few bookings, an empty one for too few. */
export function heatMapDrawing(
  visual: HeatMap,
  rows: readonly VisualRow[],
  { format, texts, language }: Reader,
): Chart {
  const { x, y, value } = visual;
  const key = (row: VisualRow, column: string) => valueText(row.values[column] ?? null);
  const across = [...new Set(rows.map((row) => key(row, x.column)))].sort((a, b) => Number(a) - Number(b));
  const down = [...new Set(rows.map((row) => key(row, y.column)))];
  const numbers = rows.flatMap((row) => shownNumber(row, value) ?? []);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const step = (number: number) =>
    most === least ? 0 : Math.min(STEPS - 1, Math.floor((STEPS * (number - least)) / (most - least)));
  const label = { color: INK.text, fontSize: 12, interval: 0 } as const;
  const cells = rows.flatMap((row): Cell[] => {
    const number = shownNumber(row, value);
    if (number === undefined) return [];
    const at = [across.indexOf(key(row, x.column)), down.indexOf(key(row, y.column))] as const;
    return [{ at, step: step(number), text: format.value(number, value.format), isFaded: row.isFaded }];
  });
  return {
    width: 1140,
    height: 46 + ROW * down.length,
    option: {
      aria: { enabled: false },
      grid: { left: 56, right: 8, top: 6, bottom: 40 },
      xAxis: {
        type: 'category',
        data: across.map((one) => format.value(one, x.format)),
        name: x.label[language],
        nameLocation: 'middle',
        nameGap: 24,
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: label,
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: down.map((one) => format.value(one, y.format)),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: label,
      },
      series: [{ type: 'custom', silent: true, data: cells.map(({ at }) => [...at]), renderItem: cellOf(cells) }],
    },
    summary: `${numbers.length} ${texts.values}, ${extreme(least, texts.lowest)}, ${extreme(most, texts.highest)}`,
  };

  function extreme(number: number, word: string): string {
    const row = rows.find((one) => shownNumber(one, value) === number);
    const where =
      row === undefined
        ? ''
        : ` (${[y, x].map((field) => format.value(row.values[field.column], field.format)).join(' ')})`;
    return `${word} ${Number.isFinite(number) ? format.value(number, value.format) : '–'}${where}`;
  }
}

interface Places {
  value(at: number): unknown;
  coord(at: readonly unknown[]): readonly number[];
  size(of: readonly number[]): readonly number[];
}

/** ECharts' own heat maps compute their colours, which could then not come from the style sheet. */
function cellOf(cells: readonly Cell[]) {
  return ({ dataIndex }: { readonly dataIndex: number }, places: Places) => {
    const cell = cells[dataIndex];
    if (cell === undefined) return null;
    const [x = 0, y = 0] = places.coord([...cell.at]);
    const [width = 0, height = 0] = places.size([1, 1]);
    const ink = cell.isFaded ? INK.text : `var(--on-heat-${cell.step})`;
    return {
      type: 'group' as const,
      children: [
        {
          type: 'rect' as const,
          shape: { x: x - width / 2 + 0.5, y: y - height / 2 + 0.5, width: width - 1, height: height - 1 },
          style: { fill: `var(--heat-${cell.step})`, opacity: cell.isFaded ? 0.45 : 1 },
        },
        {
          type: 'text' as const,
          style: {
            x,
            y,
            text: cell.text,
            fill: ink,
            fontSize: 11,
            align: 'center' as const,
            verticalAlign: 'middle' as const,
          },
        },
      ],
    };
  };
}
