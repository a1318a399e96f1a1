import type { FieldSortOptions, TableFieldOption, TableVisual, UnaggregatedField } from '@aws-sdk/client-quicksight';
import type { Field, Table } from '../../core/dashboards/types.ts';
import { columnOf, evidence, fieldId, type Place, shownColumn } from './fields.ts';
import { heading } from './heading.ts';
import { columnFormat } from './number-format.ts';
import { TEXTS } from './texts.ts';

/** The rows as they are, with what says how far they can be trusted. What they are sorted by is there, if need be hidden. */
export function tableVisual(place: Place, visual: Table): TableVisual {
  const shown = [...visual.columns, ...evidenceColumns(visual)];
  const hidden = (visual.order ?? [])
    .filter(({ column }) => shown.every((field) => field.column !== column))
    .map(({ column }): Field => ({ column, label: { en: column, fr: column }, format: 'text' }));
  return {
    VisualId: visual.id,
    ...heading(place, visual),
    ChartConfiguration: {
      FieldWells: {
        TableUnaggregatedFieldWells: { Values: [...shown, ...hidden].map((field) => value(place, visual, field)) },
      },
      SortConfiguration: {
        RowSort: (visual.order ?? []).map(
          ({ column, descending }): FieldSortOptions => ({
            FieldSort: { FieldId: fieldId(visual, { column }), Direction: descending ? 'DESC' : 'ASC' },
          }),
        ),
      },
      FieldOptions: {
        SelectedFieldOptions: [
          ...shown.map((field) => option(place, visual, field, 'VISIBLE')),
          ...hidden.map((field) => option(place, visual, field, 'HIDDEN')),
        ],
      },
    },
    Actions: [],
  };
}

function evidenceColumns(visual: Table): Field[] {
  const formats = { sample: 'count', low: 'rate', high: 'rate', simulated: 'count' } as const;
  return evidence(visual)
    .filter(([column]) => visual.columns.every((field) => field.column !== column))
    .map(([column, label]) => ({ column, label: TEXTS[label], format: formats[label] }));
}

function value(place: Place, visual: Table, field: Field): UnaggregatedField {
  const format = columnFormat(field.format, place.language);
  return {
    FieldId: fieldId(visual, field),
    Column: columnOf(place, shownColumn(place, field)),
    ...(format === undefined ? {} : { FormatConfiguration: format }),
  };
}

function option(place: Place, visual: Table, field: Field, Visibility: 'VISIBLE' | 'HIDDEN'): TableFieldOption {
  return { FieldId: fieldId(visual, field), CustomLabel: field.label[place.language], Visibility };
}
