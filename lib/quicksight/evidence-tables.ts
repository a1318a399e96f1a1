/** Tables that a target needs which shows one number in a tile and nothing beside it. */
import type { DashboardSet, Field, Kpi, Sheet, Table, Visual } from '../../core/dashboards/types.ts';
import { evidence } from './fields.ts';
import { TEXTS } from './texts.ts';

/** The description with a table below the numbers of each sheet: their days, their bookings, their intervals. */
export function withEvidenceTables(set: DashboardSet): DashboardSet {
  return {
    ...set,
    dashboards: set.dashboards.map((dashboard) => ({ ...dashboard, sheets: dashboard.sheets.map(withTables) })),
  };
}

function withTables(sheet: Sheet): Sheet {
  const numbers = sheet.visuals.filter(isBacked);
  const sources = [...new Set(numbers.map(({ source }) => source))];
  const tables = sources.map((source) => tableBehind(numbers.filter((one) => one.source === source)));
  const at = sheet.visuals.findLastIndex(({ kind }) => kind === 'kpi') + 1;
  return { ...sheet, visuals: [...sheet.visuals.slice(0, at), ...tables, ...sheet.visuals.slice(at)] };
}

/** Whether there is more to know of a number than the number. */
function isBacked(visual: Visual): visual is Kpi {
  return visual.kind === 'kpi' && (visual.comparison !== undefined || evidence(visual).length > 0);
}

function tableBehind(numbers: readonly Kpi[]): Table {
  const [first] = numbers;
  if (first === undefined) throw new Error('there is no number to stand behind');
  const { source, only, order } = first;
  const columns = numbers.flatMap((visual) => [...periodFields(visual), visual.value, ...evidenceFields(visual)]);
  const unique = columns.filter(({ column }, at) => columns.findIndex((one) => one.column === column) === at);
  return {
    id: `${first.id}-behind`,
    kind: 'table',
    title: TEXTS.behind,
    question: TEXTS.behindQuestion,
    source,
    columns: unique,
    ...(only === undefined ? {} : { only }),
    ...(order === undefined ? {} : { order }),
  };
}

function periodFields({ comparison }: Kpi): Field[] {
  if (comparison === undefined) return [];
  return [
    { column: comparison.period, label: TEXTS.period, format: 'text' },
    { column: comparison.first, label: TEXTS.first, format: 'day' },
    { column: comparison.last, label: TEXTS.last, format: 'day' },
    { column: comparison.covered, label: TEXTS.covered, format: 'count' },
  ];
}

function evidenceFields(visual: Kpi): Field[] {
  return evidence(visual).map(([column, label]) => ({
    column,
    label: TEXTS[label],
    format: label === 'sample' || label === 'simulated' ? 'count' : visual.value.format,
  }));
}
