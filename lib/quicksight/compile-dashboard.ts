/** From the one description to a definition of QuickSight. */
import type {
  DashboardVersionDefinition,
  ParameterControl,
  Visual as QuickSightVisual,
  SheetDefinition,
  SheetTextBox,
} from '@aws-sdk/client-quicksight';
import type { Dashboard, DashboardSet, Language, Sheet, Visual } from '../../core/dashboards/types.ts';
import { barVisual } from './bar.ts';
import { evidence, type Place } from './fields.ts';
import { controls, filterGroups, parameterDeclarations, parameterName, reachingFilters } from './filters.ts';
import { heatMapVisual } from './heat-map.ts';
import { comparedFields, kpiVisual } from './kpi.ts';
import { controlLayouts, layout } from './layout.ts';
import { lineVisual } from './line.ts';
import { pivotFields, pivotVisual } from './pivot.ts';
import { scatterVisual } from './scatter.ts';
import type { ShownSet } from './shown-set.ts';
import { tableVisual } from './table.ts';
import { TEXTS } from './texts.ts';

export interface Compiled {
  readonly set: DashboardSet;
  readonly shown: readonly ShownSet[];
  readonly language: Language;
  /** ARN of a data set by its source. */
  readonly dataSetArn: (source: string) => string;
}

/** The definition of one dashboard; its analysis has the same. */
export function compileDashboard(compiled: Compiled, dashboard: Dashboard): DashboardVersionDefinition {
  const { set, shown, language, dataSetArn } = compiled;
  const visuals = dashboard.sheets.flatMap((sheet) => sheet.visuals);
  const sources = [...new Set(visuals.map(({ source }) => source))];
  const filters = reachingFilters(set, dashboard.sheets, shown);
  const parameters = Object.fromEntries(filters.map((filter) => [filter.id, parameterName(filter)]));
  const placeOf = (visual: Visual): Place => ({ set, language, parameters, shown: shownOf(shown, visual.source) });
  return {
    DataSetIdentifierDeclarations: sources.map((source) => ({ Identifier: source, DataSetArn: dataSetArn(source) })),
    Sheets: dashboard.sheets.map((sheet) => sheetDefinition(compiled, sheet, placeOf)),
    CalculatedFields: visuals.flatMap((visual) => {
      if (visual.kind === 'kpi') return comparedFields(placeOf(visual), visual);
      return visual.kind === 'pivot' ? pivotFields(placeOf(visual), visual) : [];
    }),
    ParameterDeclarations: parameterDeclarations(filters),
    FilterGroups: filterGroups(filters, dashboard, shown),
    Options: { WeekStart: 'MONDAY', Timezone: 'Europe/Paris' },
  };
}

function shownOf(shown: readonly ShownSet[], source: string): ShownSet {
  const found = shown.find((one) => one.source === source);
  if (found === undefined) throw new Error(`there is no data set '${source}'`);
  return found;
}

function sheetDefinition(
  { set, shown, language }: Compiled,
  sheet: Sheet,
  placeOf: (visual: Visual) => Place,
): SheetDefinition {
  const filters = reachingFilters(set, [sheet], shown);
  const unreached = set.filters.filter((filter) => !filters.includes(filter));
  const chosen = controls(filters, sheet, shown, language);
  const noteId = `${sheet.id}-note`;
  const note = notes(
    sheet,
    unreached.map(({ label }) => label[language]),
    language,
  );
  return {
    SheetId: sheet.id,
    Name: sheet.title[language],
    ContentType: 'INTERACTIVE',
    ParameterControls: chosen,
    Visuals: sheet.visuals.map((visual) => drawn(placeOf(visual), visual)),
    TextBoxes: [textBox(noteId, note)],
    Layouts: [layout(noteId, sheet.visuals)],
    SheetControlLayouts: controlLayouts(chosen.map(controlId)),
  };
}

function drawn(place: Place, visual: Visual): QuickSightVisual {
  switch (visual.kind) {
    case 'kpi':
      return { KPIVisual: kpiVisual(place, visual) };
    case 'line':
      return { LineChartVisual: lineVisual(place, visual) };
    case 'bar':
      return { BarChartVisual: barVisual(place, visual) };
    case 'heat map':
      return { HeatMapVisual: heatMapVisual(place, visual) };
    case 'table':
      return { TableVisual: tableVisual(place, visual) };
    case 'pivot':
      return { PivotTableVisual: pivotVisual(place, visual) };
    case 'scatter':
      return { ScatterPlotVisual: scatterVisual(place, visual) };
  }
}

function controlId({ Dropdown, DateTimePicker }: ParameterControl): string {
  return Dropdown?.ParameterControlId ?? DateTimePicker?.ParameterControlId ?? '';
}

/** What holds for the whole sheet. */
function notes(sheet: Sheet, unreached: readonly string[], language: Language): string[] {
  const has = (label: string) => sheet.visuals.some((visual) => evidence(visual).some(([, one]) => one === label));
  return [
    TEXTS[sheet.isLive ? 'live' : 'kept'][language],
    ...(has('sample') ? [TEXTS.smallNote[language]] : []),
    ...(has('simulated') ? [TEXTS.simulatedNote[language]] : []),
    ...(unreached.length > 0 ? [`${TEXTS.unreachedNote[language]}${unreached.join(', ')}.`] : []),
  ];
}

function textBox(SheetTextBoxId: string, lines: readonly string[]): SheetTextBox {
  const inline = lines.map((line) => `  <inline font-size="14px">${escaped(line)}</inline>`).join('\n  <br/>\n');
  return { SheetTextBoxId, Content: `<text-box>\n${inline}\n</text-box>` };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
