import { expect, test } from 'vitest';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { bookingRows } from '../../test/model/booking-rows.ts';
import { EXAM, FOLDS, splitRows, wasExamined } from './split.ts';

const rows = bookingRows(6000, 5);
const split = splitRows(bookingFeatures, rows);

test('rows that are equal in every input are in one fold, whatever their outcomes', () => {
  const doubled = [...rows, ...rows.map((row) => ({ ...row, booking_complete: row.booking_complete !== true }))];
  const { folds, groups } = splitRows(bookingFeatures, doubled);
  expect(folds.slice(0, rows.length)).toEqual(folds.slice(rows.length));
  expect(groups.slice(0, rows.length)).toEqual(groups.slice(rows.length));
});

test.each(bookingFeatures.targets.map(({ column }) => column))('every fold has the rate of %s', (column) => {
  const rate = (of: readonly (typeof rows)[number][]) => of.filter((row) => row[column] === true).length / of.length;
  for (let fold = 0; fold < FOLDS; fold++) {
    expect(rate(rows.filter((_, row) => split.folds[row] === fold))).toBeCloseTo(rate(rows), 2);
  }
});

test('the folds do not follow the order of the rows', () => {
  const reversed = splitRows(bookingFeatures, [...rows].reverse());
  expect(Array.from(reversed.folds).reverse()).toEqual(Array.from(split.folds));
});

test('rows of the exam are in the exam again when more rows come, but for a few at its edge', () => {
  const more = splitRows(bookingFeatures, [...rows, ...bookingRows(3000, 6)]);
  const exam = rows.flatMap((_, row) => (split.folds[row] === EXAM ? [row] : []));
  const again = exam.filter((row) => more.folds[row] === EXAM);
  expect(again.length / exam.length).toBeGreaterThan(0.9);
});

test('an older model is examined on no row that it was trained on', () => {
  const was = wasExamined(bookingFeatures, rows, split.examShares);
  expect(rows.map((_, row) => was(row))).toEqual(rows.map((_, row) => split.folds[row] === EXAM));
});
