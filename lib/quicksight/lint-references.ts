import type { DashboardVersionDefinition, SheetDefinition } from '@aws-sdk/client-quicksight';
import { type Fault, fault } from './definition-fault.ts';
import { parameterNames } from './lint-limits.ts';
import { anyVisual, nodesUnder, textsUnder } from './walk-definition.ts';

/** Names that name nothing, and things that nothing names. */
export function referenceFaults(definition: DashboardVersionDefinition): Fault[] {
  const { Sheets = [] } = definition;
  return [
    ...Sheets.flatMap(placeFaults),
    ...Sheets.flatMap(({ Visuals = [] }) => Visuals.map(anyVisual)).flatMap(({ id, body }) => {
      const fields = nodesUnder(body, 'FieldWells').flatMap((wells) => textsUnder(wells, 'FieldId'));
      const { FieldWells: _, ...rest } = (body.ChartConfiguration ?? {}) as Record<string, unknown>;
      const named = [...textsUnder(rest, 'FieldId'), ...textsUnder(body.Actions, 'SourceField')];
      return unknown(named, fields).map((field) =>
        fault('dangling-reference', `the visual '${id}' names the field '${field}', which it does not have`),
      );
    }),
    ...scopeFaults(definition),
    ...parameterFaults(definition),
  ];
}

function placeFaults({ SheetId, Visuals = [], TextBoxes = [], ParameterControls = [], ...sheet }: SheetDefinition) {
  const there = [
    ...Visuals.map((visual) => anyVisual(visual).id),
    ...TextBoxes.map((box) => String(box.SheetTextBoxId)),
  ];
  const placed = textsUnder(sheet.Layouts, 'ElementId');
  const controls = textsUnder(ParameterControls, 'ParameterControlId');
  const placedControls = textsUnder(sheet.SheetControlLayouts, 'ElementId');
  return [
    ...[...unknown(placed, there), ...unknown(placedControls, controls)].map((id) =>
      fault('dangling-reference', `the layout of the sheet '${SheetId}' places '${id}', which it does not have`),
    ),
    ...[...unknown(there, placed), ...unknown(controls, placedControls)].map((id) =>
      fault('incomplete', `'${id}' has no place on the sheet '${SheetId}'`),
    ),
  ];
}

function scopeFaults({ FilterGroups = [], Sheets = [] }: DashboardVersionDefinition): Fault[] {
  return FilterGroups.flatMap(({ FilterGroupId, ScopeConfiguration }) =>
    nodesUnder(ScopeConfiguration, 'SheetVisualScopingConfigurations').flatMap(({ SheetId, VisualIds = [] }) => {
      const sheet = Sheets.find((one) => one.SheetId === SheetId);
      if (sheet === undefined) {
        return [
          fault(
            'dangling-reference',
            `the filter group '${FilterGroupId}' names the sheet '${SheetId}', which there is not`,
          ),
        ];
      }
      const ids = (sheet.Visuals ?? []).map((visual) => anyVisual(visual).id);
      return unknown(VisualIds as string[], ids).map((id) =>
        fault(
          'dangling-reference',
          `the filter group '${FilterGroupId}' names the visual '${id}', which '${SheetId}' does not have`,
        ),
      );
    }),
  );
}

function parameterFaults(definition: DashboardVersionDefinition): Fault[] {
  const { Sheets, FilterGroups, ParameterDeclarations = [] } = definition;
  const names = parameterNames(definition);
  const set = [...textsUnder(Sheets, 'SourceParameterName'), ...textsUnder(Sheets, 'DestinationParameterName')];
  const followed = [...textsUnder(FilterGroups, 'ParameterName'), ...textsUnder(FilterGroups, 'Parameter')];
  const controlled = textsUnder(Sheets, 'SourceParameterName');
  return [
    ...unknown([...set, ...followed], names).map((name) =>
      fault('dangling-reference', `the parameter '${name}' is named, and there is none of that name`),
    ),
    ...unknown(
      followed.filter((name) => names.includes(name)),
      controlled,
    ).map((name) =>
      fault('incomplete', `a filter follows the parameter '${name}', which has no control: it would empty visuals`),
    ),
    ...ParameterDeclarations.flatMap(({ DateTimeParameterDeclaration: day }) =>
      day !== undefined && day.DefaultValues === undefined
        ? [fault('incomplete', `the parameter '${day.Name}' is a time without a default, which stops the dashboard`)]
        : [],
    ),
  ];
}

/** Those of `named` that are not among `known`, each once. */
function unknown(named: readonly string[], known: readonly string[]): string[] {
  return [...new Set(named.filter((name) => !known.includes(name)))];
}
