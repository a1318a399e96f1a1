import type { DashboardVersionDefinition } from '@aws-sdk/client-quicksight';
import { type Fault, fault } from './definition-fault.ts';
import { GRID_COLUMNS } from './layout.ts';
import { anyVisual, nodesUnder, repeated, textsUnder } from './walk-definition.ts';

/** Most that QuickSight takes of a kind; beyond it, it refuses the definition. */
const LIMITS = {
  sheets: 20,
  visuals: 50,
  dataSets: 50,
  calculatedFields: 500,
  idLength: 512,
  parameters: 400,
} as const;

const ID = /^[\w-]+$/;
const PARAMETER = /^[a-zA-Z0-9]+$/;
/** Keys of ids by what they name; each is unique in the definition. */
const IDS: readonly (readonly [string, string])[] = [
  ['SheetId', 'sheet'],
  ['VisualId', 'visual'],
  ['SheetTextBoxId', 'text box'],
  ['ParameterControlId', 'control'],
  ['FilterControlId', 'control'],
  ['FilterGroupId', 'filter group'],
  ['FilterId', 'filter'],
  ['CustomActionId', 'action'],
];

export function limitFaults(definition: DashboardVersionDefinition): Fault[] {
  const { Sheets = [], CalculatedFields = [], ParameterDeclarations = [] } = definition;
  const sets = definition.DataSetIdentifierDeclarations ?? [];
  return [
    ...tooMany('sheets', Sheets.length, LIMITS.sheets),
    ...Sheets.flatMap(({ SheetId, Visuals = [] }) =>
      tooMany(`visuals on '${SheetId}'`, Visuals.length, LIMITS.visuals),
    ),
    ...tooMany('data sets', sets.length, LIMITS.dataSets),
    ...tooMany('computed fields', CalculatedFields.length, LIMITS.calculatedFields),
    ...tooMany('parameters', ParameterDeclarations.length, LIMITS.parameters),
    ...idFaults(definition),
    ...Sheets.filter(({ Name = '' }) => Name.length < 2).map(({ SheetId }) =>
      fault('incomplete', `the name of the sheet '${SheetId}' has fewer than 2 letters and would be hidden`),
    ),
    ...nodesUnder(definition, 'Elements').flatMap(({ ElementId, ColumnIndex = 0, ColumnSpan }) => {
      const end = Number(ColumnIndex) + Number(ColumnSpan);
      return end <= GRID_COLUMNS
        ? []
        : [fault('over-limit', `'${ElementId}' ends at column ${end}, expected at most ${GRID_COLUMNS}`)];
    }),
  ];
}

function tooMany(what: string, found: number, most: number): Fault[] {
  return found <= most ? [] : [fault('over-limit', `${found} ${what}, expected at most ${most}`)];
}

function idFaults(definition: DashboardVersionDefinition): Fault[] {
  // The scope and the layout name ids again: there they are references.
  const declared = {
    ...definition,
    FilterGroups: definition.FilterGroups?.map((group) => ({ ...group, ScopeConfiguration: undefined })),
  };
  const ids = IDS.flatMap(([key, what]) => textsUnder(declared, key).map((id) => ({ what, id })));
  const parameters = parameterNames(definition);
  return [
    ...IDS.flatMap(([key, what]) =>
      repeated(textsUnder(declared, key)).map((id) => fault('duplicate-id', `the ${what} '${id}' is there twice`)),
    ),
    ...repeated(parameters).map((name) => fault('duplicate-id', `the parameter '${name}' is there twice`)),
    ...repeated((definition.CalculatedFields ?? []).map(({ Name = '' }) => Name)).map((name) =>
      fault('duplicate-id', `the computed field '${name}' is there twice`),
    ),
    ...(definition.Sheets ?? [])
      .flatMap(({ Visuals = [] }) => Visuals.map(anyVisual))
      .flatMap(({ id, body }) =>
        repeated(nodesUnder(body, 'FieldWells').flatMap((wells) => textsUnder(wells, 'FieldId'))).map((field) =>
          fault('duplicate-id', `the visual '${id}' has the field '${field}' twice`),
        ),
      ),
    ...ids
      .filter(({ id }) => !ID.test(id))
      .map(({ what, id }) => fault('bad-id', `the id '${id}' of a ${what}, expected letters, digits, - and _`)),
    ...parameters
      .filter((name) => !PARAMETER.test(name))
      .map((name) => fault('bad-id', `the name '${name}' of a parameter, expected letters and digits`)),
    ...ids
      .filter(({ id }) => id.length > LIMITS.idLength)
      .map(({ what, id }) =>
        fault('over-limit', `the id of a ${what} has ${id.length} characters, expected at most ${LIMITS.idLength}`),
      ),
  ];
}

export function parameterNames({ ParameterDeclarations = [] }: DashboardVersionDefinition): string[] {
  return ParameterDeclarations.map((one) => String(Object.values(one)[0]?.Name));
}
