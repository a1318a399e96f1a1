import type { DashboardVersionDefinition } from '@aws-sdk/client-quicksight';
import { type Fault, fault } from './definition-fault.ts';
import type { KnownSet, SetColumn } from './shown-set.ts';
import { type AnyVisual, anyVisual, type Node, nodesUnder, textsUnder, well } from './walk-definition.ts';

/** Fewest and most fields of each well, by kind of visual. */
const WELLS: Readonly<Record<string, readonly (readonly [string, number, number])[]>> = {
  KPIVisual: [
    ['Values', 1, 1],
    ['TargetValues', 0, 1],
    ['TrendGroups', 0, 1],
  ],
  LineChartVisual: [
    ['Category', 1, 1],
    ['Values', 1, 20],
    ['Colors', 0, 1],
  ],
  BarChartVisual: [
    ['Category', 1, 1],
    ['Values', 1, 20],
    ['Colors', 0, 1],
  ],
  HeatMapVisual: [
    ['Rows', 1, 1],
    ['Columns', 1, 1],
    ['Values', 1, 1],
  ],
  TableVisual: [['Values', 1, 200]],
  PivotTableVisual: [
    ['Rows', 1, 40],
    ['Columns', 1, 40],
    ['Values', 1, 40],
  ],
  ScatterPlotVisual: [
    ['XAxis', 1, 1],
    ['YAxis', 1, 1],
    ['Category', 1, 1],
    ['Size', 0, 1],
    ['Label', 0, 1],
  ],
};

/** With some of these alone, QuickSight draws an empty tile. */
const KPI_OPTIONS = ['Comparison', 'PrimaryValueDisplayType', 'SecondaryValueFontConfiguration'];

/** What a visual cannot be made of. */
export function visualFaults(definition: DashboardVersionDefinition, shown: readonly KnownSet[]): Fault[] {
  const { Sheets = [], CalculatedFields = [] } = definition;
  const computed = new Set(CalculatedFields.map(({ Name }) => Name));
  const typeOf = ({ DataSetIdentifier, ColumnName }: Node) =>
    shown.find(({ source }) => source === DataSetIdentifier)?.columns.find(({ name }) => name === ColumnName)?.type;
  return Sheets.flatMap(({ Visuals = [] }) => Visuals.map(anyVisual)).flatMap((visual) =>
    [
      ...wellFaults(visual),
      ...setFaults(visual),
      ...dimensionFaults(visual, typeOf),
      ...measureFaults(visual, typeOf, computed),
      ...kpiFaults(visual),
      ...pivotFaults(visual, computed),
    ].map(({ name, sentence }) => fault(name, `the visual '${visual.id}' ${sentence}`)),
  );
}

function wellFaults({ kind, body }: AnyVisual): Fault[] {
  const wells = WELLS[kind];
  if (wells === undefined)
    return [fault('unusable-combination', `is a ${kind}, expected one of ${Object.keys(WELLS).join(', ')}`)];
  const counts = wells.flatMap(([name, least, most]) => {
    const found = well(body, name).length;
    const right = least === most ? `${least}` : `${least} to ${most}`;
    return found >= least && found <= most
      ? []
      : [fault('unusable-combination', `has ${found} fields in ${name}, expected ${right}`)];
  });
  const isSplit = well(body, 'Colors').length > 0 && well(body, 'Values').length > 1;
  return isSplit
    ? [...counts, fault('unusable-combination', 'has several values and a series, expected one of them')]
    : counts;
}

function setFaults({ body }: AnyVisual): Fault[] {
  const sets = [...new Set(textsUnder(body, 'DataSetIdentifier'))];
  return sets.length < 2 ? [] : [fault('unusable-combination', `reads ${sets.join(' and ')}, expected one data set`)];
}

type TypeOf = (column: Node) => SetColumn['type'] | undefined;

const DIMENSIONS: Readonly<Record<string, readonly SetColumn['type'][]>> = {
  CategoricalDimensionField: ['STRING'],
  NumericalDimensionField: ['INTEGER', 'DECIMAL'],
  DateDimensionField: ['DATETIME'],
};

function dimensionFaults({ body }: AnyVisual, typeOf: TypeOf): Fault[] {
  return Object.entries(DIMENSIONS).flatMap(([kind, types]) =>
    nodesUnder(body, kind).flatMap(({ Column }) => {
      const type = typeOf(Column as Node);
      return type === undefined || types.includes(type)
        ? []
        : [
            fault(
              'unusable-combination',
              `has '${(Column as Node).ColumnName}' of type ${type} as a ${kind}, expected ${types.join(' or ')}`,
            ),
          ];
    }),
  );
}

function measureFaults({ body }: AnyVisual, typeOf: TypeOf, computed: ReadonlySet<unknown>): Fault[] {
  return nodesUnder(body, 'NumericalMeasureField').flatMap((field) => {
    const column = field.Column as Node;
    const name = column.ColumnName;
    const type = typeOf(column);
    const how = field.AggregationFunction as Node | undefined;
    const isShare = nodesUnder(field, 'PercentageDisplayFormatConfiguration').length > 0;
    return [
      ...(type === 'STRING' || type === 'DATETIME'
        ? [fault('wrong-aggregation', `computes with '${name}' of type ${type}, expected a number`)]
        : []),
      ...(isShare && how?.SimpleNumericalAggregation === 'SUM'
        ? [fault('wrong-aggregation', `adds up '${name}', which is a rate: the view must give it`)]
        : []),
      ...(computed.has(name) && how !== undefined
        ? [fault('wrong-aggregation', `aggregates '${name}', which is computed from aggregates already`)]
        : []),
      ...(type !== undefined && how === undefined
        ? [fault('wrong-aggregation', `has '${name}' as a value without a function`)]
        : []),
    ];
  });
}

function kpiFaults({ kind, body }: AnyVisual): Fault[] {
  if (kind !== 'KPIVisual') return [];
  const options = nodesUnder(body, 'KPIOptions')[0] ?? {};
  return KPI_OPTIONS.filter((name) => options[name] === undefined).map((name) =>
    fault('incomplete', `has no ${name}, without which it stays empty`),
  );
}

/** What a pivot would add up wrongly, or show twice. */
function pivotFaults({ kind, body }: AnyVisual, computed: ReadonlySet<unknown>): Fault[] {
  if (kind !== 'PivotTableVisual') return [];
  const names = (of: string) => well(body, of).flatMap((field) => textsUnder(field, 'ColumnName'));
  const both = names('Rows').filter((name) => names('Columns').includes(name));
  const averaged = nodesUnder(body, 'NumericalMeasureField').filter(
    (field) =>
      nodesUnder(field, 'PercentageDisplayFormatConfiguration').length > 0 &&
      !computed.has((field.Column as Node).ColumnName),
  );
  return [
    ...both.map((name) => fault('unusable-combination', `has '${name}' in its rows and in its columns`)),
    ...averaged.map((field) =>
      fault(
        'wrong-aggregation',
        `totals '${(field.Column as Node).ColumnName}', which is a rate: a computed field must give it from sums`,
      ),
    ),
  ];
}
