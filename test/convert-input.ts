import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planOf } from '../core/contract/define-dataset.ts';
import type { DatasetPlan } from '../core/contract/plan.ts';
import { pseudonymKey } from '../core/etl/pseudonym.ts';
import { bookings } from '../datasets/bookings/contract.ts';
import type { ConvertInput } from '../lambdas/convert/convert-object.ts';
import { openFileStore } from '../local/file-store.ts';

export const TEST_KEY = pseudonymKey(7, new Uint8Array(70).fill(9));
export const RECEIVED = new Date('2026-01-02T03:04:05.678Z');

/** What `convertObject` takes for a source of these bytes, in a lake of its own below the folder. */
export async function convertInput(
  folder: string,
  source: string | Uint8Array,
  plan: DatasetPlan = planOf(bookings),
): Promise<ConvertInput & { readonly lake: string }> {
  const checksum = createHash('sha256').update(source).digest('hex');
  const lake = join(folder, `lake-${checksum.slice(0, 8)}-${process.hrtime.bigint()}`);
  await mkdir(lake, { recursive: true });
  const path = join(lake, 'source');
  await writeFile(path, source);
  const store = await openFileStore(join(lake, 'lake'));
  const scratch = await store.scratch.folder('test');
  const sizeBytes = Buffer.byteLength(source);
  return {
    plan,
    path,
    checksum,
    name: 'source',
    sizeBytes,
    receivedAt: RECEIVED,
    store,
    scratch,
    pseudonymKey: TEST_KEY,
    lake,
  };
}

export const BOOKING_HEADER =
  'num_passengers,sales_channel,trip_type,purchase_lead,length_of_stay,flight_hour,flight_day,route,booking_origin,' +
  'wants_extra_baggage,wants_preferred_seat,wants_in_flight_meals,flight_duration,booking_complete';
export const BOOKING_LINE = '2,Internet,RoundTrip,262,19,7,Sat,AKLDEL,New Zealand,1,0,0,5.52,0';
