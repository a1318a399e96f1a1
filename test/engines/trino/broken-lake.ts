import { readFile, rm, writeFile } from 'node:fs/promises';
import { putCheckRecords } from '../../../core/lake/check-results.ts';
import { putManifest, readCurrentManifest } from '../../../core/lake/curated-manifest.ts';
import { ledgerKey } from '../../../core/lake/keys.ts';
import type { LedgerEntry } from '../../../core/lake/ledger.ts';
import type { FileStore } from '../../../local/file-store.ts';
import { aBooking, putBookings, takeIn } from '../bookings-lake.ts';

/** Of a check that is always kept, one that was broken and overruled, and one that stops publications. */
const TRIES = [
  { name: 'ledger-adds-up', level: 'error', isKept: true, isOverruled: false },
  { name: 'route-in-order', level: 'warning', isKept: false, isOverruled: false },
  { name: 'shares-like-before', level: 'error', isKept: false, isOverruled: true },
  { name: 'volume-like-before', level: 'error', isKept: false, isOverruled: false },
] as const;

/** A lake that breaks every promise that a check of `sql/bookings/checks` looks after, so that each has rows to give. */
export async function breakPromises(store: FileStore, daysAgo: (days: number) => string): Promise<void> {
  const object = (name: string, day: number) => ({ name, receivedAt: daysAgo(day) });
  const future = '2199-01-01T00:00:00.000Z';
  const bookings = [
    aBooking({ event_time: future, event_time_simulated: null }),
    aBooking({ event_time: future, event_time_simulated: true }),
    aBooking({ route: 'MELCGK', flight_duration: 7 }),
    aBooking({ route: 'MELCGK', flight_duration: 7.5 }),
  ];
  const kept = await takeIn(store, { ...object('miscounted', 5), bookings, rejected: ['route:pattern'] });
  const usual = { bookings: Array.from({ length: 10_000 }, (_, at) => aBooking({ booking_complete: at % 6 === 0 })) };
  await takeIn(store, { ...object('usual', 5), ...usual });
  const other = {
    purchase_lead: 365,
    length_of_stay: 90,
    sales_channel: 'Mobile',
    trip_type: 'OneWay',
    flight_hour: 23,
    booking_origin: 'Atlantis',
    event_time: daysAgo(14),
  };
  const drifted = { bookings: Array.from({ length: 1100 }, () => aBooking(other)) };
  const { id: drift } = await takeIn(store, { ...object('drifted', 4), ...drifted });
  const lost = await takeIn(store, { ...object('lost', 4), bookings: [aBooking(), aBooking()] });
  // Both engines must see the same moment, so the file goes as well as its name.
  for (const { key } of lost.files) await rm(store.pathOf('processed', key));
  await rewrite(store, { ...lost, files: [] });
  await rewrite(store, { ...kept, accepted: kept.accepted + 1, rejected: kept.rejected + 2 });
  await putBookings(store, { ...object('never curated', 3), bookings: [aBooking()] });
  const manifest = await readCurrentManifest(store, 'bookings');
  if (manifest === undefined) throw new Error('the lake has no manifest');
  // Athena and DuckDB read a file as often as it is named.
  const twice = manifest.units.flatMap((unit, at) => (at === 0 ? [unit, { ...unit, id: `${unit.id}0` }] : [unit]));
  // To be published, not yet known as such.
  const units = twice.map((unit) => ({ ...unit, ledgerIds: unit.ledgerIds.filter((id) => id !== drift) }));
  await putManifest(store, { ...manifest, version: manifest.version + 1, units });
  for (const day of [4, 2]) {
    const checkedAt = daysAgo(day);
    const said = TRIES.map((one) => ({ ...one, dataset: 'bookings', run: `${day}`, checkedAt }));
    await putCheckRecords(store, said);
  }
}

async function rewrite(store: FileStore, entry: LedgerEntry): Promise<void> {
  const path = store.pathOf('processed', ledgerKey(entry.dataset, entry.id));
  await readFile(path);
  await writeFile(path, `${JSON.stringify(entry)}\n`);
}
