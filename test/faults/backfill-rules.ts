import type { Column, DatasetPlan } from '../../core/contract/plan.ts';
import { datasetNamed } from '../../datasets/index.ts';

const bookings = datasetNamed('bookings');

/** The rules under which the months first came in: bookings by mobile were refused. */
export const RULES_BEFORE: DatasetPlan = {
  ...bookings,
  columns: bookings.columns.map((column) => {
    if (column.name === 'sales_channel') return withValues(column, ['Internet']);
    return column;
  }),
};

/** The rules of today: what was refused passes, and circle trips, which passed, are refused. */
export const RULES_TODAY: DatasetPlan = {
  ...bookings,
  columns: bookings.columns.map((column) => {
    if (column.name === 'trip_type') return withValues(column, ['RoundTrip', 'OneWay']);
    return column;
  }),
};

function withValues(column: Column, values: readonly [string, ...string[]]): Column {
  return { ...column, type: { kind: 'enum', values } };
}

/** Checks that compare a file with the ones before: a month of other rules is not like them. */
export const DESPITE: readonly string[] = ['completion-like-ever', 'shares-like-before', 'volume-like-before'];
