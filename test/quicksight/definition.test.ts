import type { DashboardVersionDefinition, Visual } from '@aws-sdk/client-quicksight';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../../core/dashboards/types.ts';
import { bookingDashboards } from '../../datasets/bookings/dashboards.ts';
import { datasets } from '../../datasets/index.ts';
import { columnRules } from '../../lib/quicksight/column-rules.ts';
import { lintDefinition, refuseFaults } from '../../lib/quicksight/lint-definition.ts';
import { anyVisual, nodesUnder, textsUnder, well } from '../../lib/quicksight/walk-definition.ts';
import { problemsOf } from '../../proof/check/payloads/payloads.ts';
import { compiledSet, definitionOf, SOURCES } from './compiled.ts';

const { shown, set } = compiledSet();
const IDS = bookingDashboards.dashboards.map(({ id }) => id);
const visualsOf = ({ Sheets = [] }: DashboardVersionDefinition) => Sheets.flatMap(({ Visuals = [] }) => Visuals);

test('every dashboard compiles without a fault, in each language', () => {
  for (const language of LANGUAGES)
    for (const id of IDS) {
      expect(lintDefinition(definitionOf(id, language), compiledSet(language).shown)).toEqual([]);
    }
});

test('no visual of the description is dropped, and each has its title and its question', () => {
  for (const { id, sheets } of bookingDashboards.dashboards) {
    const drawn = visualsOf(definitionOf(id, 'fr')).map(anyVisual);
    for (const visual of sheets.flatMap(({ visuals }) => visuals)) {
      const found = drawn.find((one) => one.id === visual.id);
      expect(textsUnder(found?.body.Title, 'PlainText')).toEqual([visual.title.fr]);
      expect(textsUnder(found?.body.Subtitle, 'PlainText')[0]).toContain(visual.question.fr);
    }
  }
});

test('every column that a visual shows is in its definition', () => {
  for (const dashboard of set.dashboards) {
    const drawn = new Map(visualsOf(definitionOf(dashboard.id)).map((one) => [anyVisual(one).id, one]));
    const definition = definitionOf(dashboard.id);
    for (const visual of dashboard.sheets.flatMap(({ visuals }) => visuals)) {
      const named = JSON.stringify([drawn.get(visual.id), definition.CalculatedFields, definition.FilterGroups]);
      const columns = [visual.sample, visual.interval?.low, visual.interval?.high, visual.simulated, visual.only];
      if (visual.kind === 'kpi') columns.push(visual.value.column);
      for (const column of columns.filter((name) => name !== undefined)) {
        const behind = JSON.stringify(visualsOf(definition).filter((one) => anyVisual(one).id.endsWith('-behind')));
        expect(visual.kind === 'kpi' ? named + behind : named).toContain(column);
      }
    }
  }
});

test('a compared number shows both periods, its change in points, and the days behind it', () => {
  const definition = definitionOf('marketing');
  const found = visualsOf(definition)
    .map(anyVisual)
    .find(({ id }) => id === 'rate-28-days');
  expect(well(found?.body ?? {}, 'Values')).toHaveLength(1);
  expect(well(found?.body ?? {}, 'TargetValues')).toHaveLength(1);
  expect(nodesUnder(found?.body, 'Comparison')).toMatchObject([
    { ComparisonMethod: 'DIFFERENCE', ComparisonFormat: { NumberDisplayFormatConfiguration: { Suffix: ' pt' } } },
  ]);
  expect(definition.CalculatedFields?.map(({ Expression }) => Expression)).toContain(
    "100 * maxIf({completion_rate}, {period} = 'previous' AND {is_covered} = 1)",
  );
  const behind = visualsOf(definition)
    .map(anyVisual)
    .find(({ kind }) => kind === 'TableVisual');
  expect(textsUnder(nodesUnder(behind?.body, 'Values'), 'ColumnName')).toEqual(
    expect.arrayContaining(['first_day', 'last_day', 'attempts', 'rate_low', 'rate_high']),
  );
});

test('an interval stands in the tooltip, a target is a line, and a click sets the parameter of its filter', () => {
  const marketing = definitionOf('marketing');
  const bar = visualsOf(marketing)
    .map(anyVisual)
    .find(({ id }) => id === 'rate-by-origin');
  expect(textsUnder(nodesUnder(bar?.body, 'TooltipFields'), 'ColumnName')).toEqual(
    expect.arrayContaining(['attempts', 'rate_low', 'rate_high']),
  );
  expect(textsUnder(bar?.body.Actions, 'DestinationParameterName')).toEqual(['origin']);
  expect(textsUnder(marketing.Sheets?.[0]?.ParameterControls, 'SourceParameterName')).toEqual(['channel', 'origin']);
  const line = visualsOf(definitionOf('direction'))
    .map(anyVisual)
    .find(({ kind }) => kind === 'LineChartVisual');
  expect(nodesUnder(line?.body, 'StaticConfiguration')).toEqual([{ Value: 0.16 }]);
});

test('a pivot computes its rate anew in each total, and its first rows are those of the most bookings', () => {
  const marketing = definitionOf('marketing');
  const body = visualsOf(marketing)
    .map(anyVisual)
    .find(({ id }) => id === 'countries-by-channel')?.body;
  const rate = marketing.CalculatedFields?.find(({ Name }) => Name === 'Countries by channel, completion rate');
  expect(rate?.Expression).toBe('1.0 * sum({completed}) / sum({attempts})');
  expect(well(body ?? {}, 'Values').map((field) => textsUnder(field, 'SimpleNumericalAggregation'))).toEqual([
    [],
    ['SUM'],
  ]);
  expect(nodesUnder(body, 'RowTotalOptions', 'ColumnTotalOptions').map((one) => one.TotalsVisibility)).toEqual([
    'VISIBLE',
    'VISIBLE',
  ]);
  expect(
    nodesUnder(marketing.FilterGroups, 'TopBottomFilter').find(
      ({ FilterId }) => FilterId === 'countries-by-channel-top',
    ),
  ).toMatchObject({
    Limit: 10,
    AggregationSortConfigurations: [
      {
        Column: { ColumnName: 'attempts' },
        AggregationFunction: { NumericalAggregationFunction: { SimpleNumericalAggregation: 'SUM' } },
      },
    ],
  });
  const nested = nodesUnder(definitionOf('direction').Sheets, 'PivotTableVisual').map((pivot) => [
    pivot.VisualId,
    well(pivot, 'Rows').length,
    nodesUnder(pivot, 'RowSubtotalOptions')[0]?.TotalsVisibility,
  ]);
  expect(nested).toEqual([
    ['months-by-channel', 2, 'VISIBLE'],
    ['recoverable-by-channel', 1, 'HIDDEN'],
  ]);
});

test('no dashboard of marketing or the direction has a row a booking, and analysts alone see its id', () => {
  const keyed = (sources: readonly string[]) =>
    sources.filter((source) => SOURCES[source]?.some(({ name }) => name === 'booking_id'));
  for (const { id, readers = [], sheets } of bookingDashboards.dashboards) {
    const sources = sheets.flatMap(({ visuals }) => visuals.map(({ source }) => source));
    expect([id, keyed(sources)]).toEqual([id, readers.length === 0 ? ['at_risk_bookings'] : []]);
  }
  const calls = shown.find(({ source }) => source === 'at_risk_bookings');
  if (calls === undefined) throw new Error('there is no data set of the bookings to call');
  expect(columnRules(calls, datasets, 'analysts')).toEqual([
    { Principals: ['analysts'], ColumnNames: ['booking_id', 'booking_id_place', 'booking_id_text'] },
  ]);
});

test('a visual that no filter reaches says so, and so does the sheet of the filter', () => {
  const [sheet] = definitionOf('marketing').Sheets ?? [];
  const subtitle = (id: string) =>
    (sheet?.Visuals ?? [])
      .map(anyVisual)
      .filter((visual) => visual.id === id)
      .flatMap(({ body }) => textsUnder(body.Subtitle, 'PlainText'))[0];
  expect(subtitle('rate-by-lead-time')).toContain('Not filtered.');
  expect(subtitle('rate-by-origin')).not.toContain('Not filtered.');
  expect(sheet?.TextBoxes?.[0]?.Content).toContain('Filters that reach nothing here: Trip, Booked.');
});

test('the model of the SDK takes every definition', () => {
  const requests = IDS.map((id) => requestOf(definitionOf(id)));
  expect(problemsOf(requests)).toEqual(IDS.map(() => []));
});

test('fails for a property, a value or a type that the model of the SDK does not have', () => {
  const wrong = [
    change((visual) => Object.assign(visual, { Titel: {} })),
    change((visual) => Object.assign(visual.ChartConfiguration ?? {}, { Type: 'CURVE' })),
    change((visual) => Object.assign(visual, { VisualId: 'a b' })),
  ];
  expect(problemsOf(wrong.map(requestOf))).toEqual([
    [expect.stringContaining('Titel')],
    [expect.stringContaining('CURVE')],
    [expect.stringContaining('a b')],
  ]);
});

function requestOf(Definition: DashboardVersionDefinition) {
  const parameters = { AwsAccountId: '111122223333', DashboardId: 'a', Name: 'A', Definition };
  return { service: 'quicksight', operation: 'createDashboard', parameters };
}

/** The direction's definition with one line of it changed. */
function change(how: (line: NonNullable<Visual['LineChartVisual']>) => void): DashboardVersionDefinition {
  const definition = definitionOf('direction');
  const line = visualsOf(definition).find(({ LineChartVisual }) => LineChartVisual !== undefined)?.LineChartVisual;
  if (line === undefined) throw new Error('there is no line in the definition');
  how(line);
  return definition;
}

type Change = (definition: DashboardVersionDefinition) => void;

/** The first object under a key, to be changed. */
function first(value: unknown, key: string): Record<string, unknown> {
  const [found] = nodesUnder(value, key);
  if (found === undefined) throw new Error(`there is no ${key} in the definition`);
  return found as Record<string, unknown>;
}

const visual = (definition: DashboardVersionDefinition, kind: keyof Visual) =>
  first(
    visualsOf(definition).find((one) => one[kind] !== undefined),
    kind,
  );

const PLANTED: readonly (readonly [what: string, name: string, sentence: string, planted: Change])[] = [
  [
    'a column that the data set does not have',
    'unknown-column',
    "the data set 'completion_by_week' has no column 'price'",
    (it) =>
      Object.assign(first(first(visual(it, 'LineChartVisual'), 'NumericalMeasureField'), 'Column'), {
        ColumnName: 'price',
      }),
  ],
  [
    'a computed field of an unknown column',
    'unknown-column',
    "has no column 'revenue'",
    (it) => Object.assign(it.CalculatedFields?.[0] ?? {}, { Expression: 'sum({revenue})' }),
  ],
  [
    'two visuals of one id',
    'duplicate-id',
    "the visual 'rate-28-days' is there twice",
    (it) => it.Sheets?.[0]?.Visuals?.push(structuredClone(it.Sheets[0].Visuals[1] as Visual)),
  ],
  [
    'a data set that is not declared',
    'unknown-data-set',
    "the data set 'completion_by_week' is named and not declared",
    (it) => {
      it.DataSetIdentifierDeclarations = it.DataSetIdentifierDeclarations?.filter(
        ({ Identifier }) => Identifier !== 'completion_by_week',
      );
    },
  ],
  [
    'a filter over a visual that is not there',
    'dangling-reference',
    "names the visual 'gone', which 'conversion' does not have",
    (it) => Object.assign(first(it.FilterGroups, 'SheetVisualScopingConfigurations'), { VisualIds: ['gone'] }),
  ],
  [
    'a filter that follows a parameter which is not there',
    'dangling-reference',
    "the parameter 'country' is named, and there is none of that name",
    (it) => Object.assign(first(it.FilterGroups, 'CustomFilterConfiguration'), { ParameterName: 'country' }),
  ],
  [
    'a sort by a field that the visual does not have',
    'dangling-reference',
    "the visual 'rate-by-week' names the field 'gone', which it does not have",
    (it) => Object.assign(first(visual(it, 'LineChartVisual'), 'FieldSort'), { FieldId: 'gone' }),
  ],
  [
    'a number with two values',
    'unusable-combination',
    "the visual 'bookings-28-days' has 2 fields in Values, expected 1",
    (it) => {
      const wells = first(visual(it, 'KPIVisual'), 'FieldWells');
      const [value] = wells.Values as object[];
      wells.Values = [value, { NumericalMeasureField: { ...first(value, 'NumericalMeasureField'), FieldId: 'more' } }];
    },
  ],
  [
    'a day as a category',
    'unusable-combination',
    "has 'week' of type DATETIME as a CategoricalDimensionField, expected STRING",
    (it) => {
      const wells = first(visual(it, 'LineChartVisual'), 'LineChartAggregatedFieldWells');
      const { FieldId, Column } = first(wells, 'DateDimensionField');
      wells.Category = [{ CategoricalDimensionField: { FieldId, Column } }];
    },
  ],
  [
    'more visuals on a sheet than it takes',
    'over-limit',
    "58 visuals on 'conversion', expected at most 50",
    (it) => {
      const [sheet] = it.Sheets ?? [];
      const [one] = sheet?.Visuals ?? [];
      for (let n = 0; n < 49; n++) sheet?.Visuals?.push(structuredClone(one as Visual));
    },
  ],
  [
    'a visual beyond the grid',
    'over-limit',
    "'bookings-28-days' ends at column 42, expected at most 36",
    (it) =>
      Object.assign(nodesUnder(it.Sheets, 'Elements').find((one) => one.ElementId === 'bookings-28-days') ?? {}, {
        ColumnSpan: 42,
      }),
  ],
  [
    'a sum of rates',
    'wrong-aggregation',
    "adds up 'completion_rate', which is a rate",
    (it) =>
      Object.assign(first(visual(it, 'LineChartVisual'), 'AggregationFunction'), { SimpleNumericalAggregation: 'SUM' }),
  ],
  [
    'a text that is computed with',
    'wrong-aggregation',
    "computes with 'sales_channel' of type STRING, expected a number",
    (it) =>
      Object.assign(first(first(visual(it, 'LineChartVisual'), 'NumericalMeasureField'), 'Column'), {
        ColumnName: 'sales_channel',
      }),
  ],
  [
    'an average of rates in the totals of a pivot',
    'wrong-aggregation',
    "the visual 'countries-by-channel' totals 'completion_rate', which is a rate",
    (it) => {
      const rate = first(visual(it, 'PivotTableVisual'), 'NumericalMeasureField');
      Object.assign(rate, { AggregationFunction: { SimpleNumericalAggregation: 'AVERAGE' } });
      Object.assign(first(rate, 'Column'), { ColumnName: 'completion_rate' });
    },
  ],
  [
    'a pivot by one column in rows and columns',
    'unusable-combination',
    "has 'booking_origin_text' in its rows and in its columns",
    (it) => {
      const wells = first(visual(it, 'PivotTableVisual'), 'PivotTableAggregatedFieldWells');
      const [row] = wells.Rows as object[];
      wells.Columns = [{ CategoricalDimensionField: { ...first(row, 'CategoricalDimensionField'), FieldId: 'again' } }];
    },
  ],
  [
    'a pivot without rows',
    'unusable-combination',
    "the visual 'countries-by-channel' has 0 fields in Rows, expected 1 to 40",
    (it) => Object.assign(first(visual(it, 'PivotTableVisual'), 'PivotTableAggregatedFieldWells'), { Rows: [] }),
  ],
  [
    'points by one measure',
    'unusable-combination',
    "the visual 'countries-by-volume' has 0 fields in YAxis, expected 1",
    (it) =>
      Object.assign(first(visual(it, 'ScatterPlotVisual'), 'ScatterPlotCategoricallyAggregatedFieldWells'), {
        YAxis: [],
      }),
  ],
  [
    'points that nothing tells apart',
    'unusable-combination',
    "the visual 'countries-by-volume' has 0 fields in Category, expected 1",
    (it) =>
      Object.assign(first(visual(it, 'ScatterPlotVisual'), 'ScatterPlotCategoricallyAggregatedFieldWells'), {
        Category: [],
      }),
  ],
  [
    'an id that is none',
    'bad-id',
    "the id 'a b' of a sheet, expected letters, digits, - and _",
    (it) => Object.assign(it.Sheets?.[1] ?? {}, { SheetId: 'a b' }),
  ],
  [
    'a number without its options',
    'incomplete',
    "the visual 'bookings-28-days' has no Comparison, without which it stays empty",
    (it) => Object.assign(first(visual(it, 'KPIVisual'), 'KPIOptions'), { Comparison: undefined }),
  ],
  [
    'a parameter that nobody can set',
    'incomplete',
    "a filter follows the parameter 'channel', which has no control",
    (it) => {
      for (const sheet of it.Sheets ?? []) sheet.ParameterControls = [];
    },
  ],
];

test.each(PLANTED.map(([what, name, sentence, planted]) => ({ what, name, sentence, planted })))(
  'fails by the name $name for $what',
  ({ name, sentence, planted }) => {
    const definition = definitionOf('marketing');
    planted(definition);
    const faults = lintDefinition(definition, shown);
    expect(
      faults
        .filter((fault) => fault.name === name)
        .map((fault) => fault.sentence)
        .join('\n'),
    ).toContain(sentence);
    expect(() => refuseFaults('marketing', definition, shown)).toThrow(`${name}: `);
  },
);
