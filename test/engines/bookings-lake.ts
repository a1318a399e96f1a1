/** Lakes of bookings for tests that begin with processed rows. */
import { createHash } from 'node:crypto';
import { toParquet } from '../../core/contract/to-parquet.ts';
import { dataKey } from '../../core/lake/keys.ts';
import type { LedgerEntry } from '../../core/lake/ledger.ts';
import { putEntry } from '../../core/lake/put-entry.ts';
import { type Rejection, rejectionsPlan } from '../../core/lake/rejections.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { curate } from '../../local/curate.ts';
import type { FileStore } from '../../local/file-store.ts';

export type Booking = Readonly<Record<string, unknown>>;

/** A booking that keeps the contract, but for its lineage; give the columns that matter. */
export function aBooking(given: Booking = {}): Booking {
  return {
    customer_id: null,
    event_time: null,
    event_time_simulated: null,
    num_passengers: 1,
    sales_channel: 'Internet',
    trip_type: 'RoundTrip',
    purchase_lead: 10,
    length_of_stay: 5,
    flight_hour: 9,
    flight_day: 'Mon',
    route: 'AKLKUL',
    booking_origin: 'New Zealand',
    wants_extra_baggage: false,
    wants_preferred_seat: false,
    wants_in_flight_meals: false,
    flight_duration: 8.83,
    booking_complete: false,
    ...given,
  };
}

export interface ObjectOfBookings {
  readonly name: string;
  readonly receivedAt?: string;
  readonly bookings: readonly Booking[];
  /** Reasons of rows that were refused. */
  readonly rejected?: readonly string[];
}

/** Puts an object as `convert` would, its rows from line 2 on, and its ledger entry; then publishes. */
export async function takeIn(store: FileStore, object: ObjectOfBookings): Promise<LedgerEntry> {
  const entry = await putBookings(store, object);
  await curate({ store, plan: bookings, now: new Date('2026-04-01T00:00:00Z') });
  return entry;
}

export async function putBookings(store: FileStore, object: ObjectOfBookings): Promise<LedgerEntry> {
  const { name, receivedAt = '2026-03-10T08:00:00.000Z', rejected = [] } = object;
  const id = createHash('sha256').update(name).digest('hex');
  const day = receivedAt.slice(0, 10);
  const rows = object.bookings.map((booking, at) => ({
    booking_id: `${id.slice(0, 16)}-${String(at + 2).padStart(9, '0')}`,
    ingested_at: receivedAt,
    source: 'batch',
    source_checksum: id,
    source_line: BigInt(at + 2),
    ...booking,
  }));
  const refused = rejected.map((reason, at) => rejection(id, name, reason, rows.length + at + 2, receivedAt));
  const keys = [...new Set(rows.map((row) => row.booking_id))].sort();
  const [first, last] = [keys[0], keys.at(-1)];
  return putEntry(store, {
    id,
    dataset: 'bookings',
    source: 'batch',
    name,
    sizeBytes: 1,
    receivedAt,
    ingestDate: day,
    rowsIn: rows.length + refused.length,
    accepted: keys.length,
    rejected: refused.length,
    duplicates: rows.length - keys.length,
    rejectedByReason: countBy(rejected),
    cleaned: {},
    format: 'made by a test',
    warnings: [],
    ...(first !== undefined && last !== undefined && { keyRange: [first, last] as const }),
    files: await putFile(store, 'processed', dataKey('bookings', 'ingest_date', day, id, 0), bookings, rows),
    rejectedFiles: await putFile(
      store,
      'rejected',
      dataKey('bookings', 'ingest_date', day, id, 0),
      rejectionsPlan,
      refused,
    ),
  });
}

async function putFile(
  store: FileStore,
  zone: 'processed' | 'rejected',
  key: string,
  plan: Parameters<typeof toParquet>[0],
  rows: readonly object[],
) {
  if (rows.length === 0) return [];
  const bytes = toParquet(plan, rows as Parameters<typeof toParquet>[1]);
  const { sizeBytes } = await store.put(zone, key, bytes);
  return [{ key, rows: rows.length, sizeBytes }];
}

function rejection(id: string, name: string, reason: string, line: number, at: string): Rejection {
  return {
    dataset: 'bookings',
    source: 'batch',
    source_checksum: id,
    source_name: name,
    source_line: BigInt(line),
    reason,
    column_name: reason.split(':')[0] ?? null,
    message: `a row of the test is refused for ${reason}`,
    raw: 'the row',
    raw_encoding: 'text',
    raw_bytes: 7n,
    ingested_at: at,
  };
}

function countBy(reasons: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(reasons)].map((reason) => [reason, reasons.filter((one) => one === reason).length]),
  );
}
