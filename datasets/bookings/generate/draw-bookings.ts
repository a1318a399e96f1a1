import { aliasTable, drawIndex } from '../../../core/generate/alias-table.ts';
import { BATCH_ROWS, type DrawOptions, type GeneratedBatch } from '../../../core/generate/dataset-generator.ts';
import { mix, randomStream } from '../../../core/generate/random.ts';
import { bookingColumns, emptyCodes, setCustomer, setDigits } from './booking-codes.ts';
import { customerNumber, customersFor, drawCustomer, ID_DIGITS } from './customers.ts';
import { drawBooking } from './draw-booking.ts';
import { hourClock, yearClock } from './event-clock.ts';
import { ORIGIN_WEIGHTS } from './fitted-origins.ts';
import { PROFILE_OF } from './route-model.ts';

/** The first instant after the thirteen months of a file. */
const END = new Date('2026-11-01T00:00:00Z');
const ORIGIN = aliasTable(Object.values(ORIGIN_WEIGHTS));

/** Prepares to draw bookings in the order of their times; each batch has random numbers of its own. */
export function openBookings({ rows, seed, at }: DrawOptions): (batch: number) => GeneratedBatch {
  const clock = at === undefined ? yearClock(END, seed) : hourClock(at);
  const customers = customersFor(rows);
  const idStarts = ID_DIGITS.map((digits) => `BK-${seed}-${digits}`);
  return (batch) => {
    const first = batch * BATCH_ROWS;
    const count = Math.min(BATCH_ROWS, rows - first);
    const codes = emptyCodes(count);
    const random = randomStream(seed, batch);
    for (let row = 0; row < count; row++) {
      const number = first + row;
      const share = random() / 2 ** 32;
      const time = clock.at(at === undefined ? (number + share) / rows : share);
      const customer = drawCustomer(customers, random(), random());
      const origin = drawIndex(ORIGIN, customer === undefined ? random() : mix(mix(customer) ^ seed));
      codes.origin[row] = origin;
      codes.eventHour[row] = time.hour;
      codes.eventSecond[row] = time.second;
      setCustomer(codes, row, customer === undefined ? undefined : customerNumber(customer, seed));
      setDigits(codes.id, row, number);
      drawBooking(codes, row, PROFILE_OF[origin] as number, clock.dayOf(time.hour), random);
    }
    return { rows: count, columns: bookingColumns(codes, clock.hours, idStarts) };
  };
}
