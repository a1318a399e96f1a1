import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const COLUMNS =
  'num_passengers,sales_channel,trip_type,purchase_lead,length_of_stay,flight_hour,flight_day,route,booking_origin,wants_extra_baggage,wants_preferred_seat,wants_in_flight_meals,flight_duration,booking_complete';

/** Ways in which a row is broken, each a different reason. */
const BROKEN: readonly ((cells: readonly string[]) => string)[] = [
  (cells) => cells.slice(0, -2).join(','),
  (cells) => ['12', ...cells.slice(1)].join(','),
  (cells) => cells.with(1, 'Fax').join(','),
  (cells) => cells.with(3, 'soon').join(','),
  (cells) => cells.with(7, '').join(','),
  (cells) => cells.with(12, '1e309').join(','),
  (cells) => `"${cells.join(',')}`.slice(0, 40),
];

/** Bookings without ids, some rows broken and some the same as the row before. */
export async function writeBookings(path: string, rows: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const lines = [COLUMNS];
  for (let row = 0; row < rows; row += 1) {
    const cells = booking(random);
    const chance = random();
    if (chance < 0.03) lines.push(pick(random, BROKEN)(cells));
    else if (chance < 0.05) lines.push(lines.at(-1) ?? '');
    else lines.push(cells.join(','));
  }
  await writeText(path, lines);
}

/** Bookings with ids and times: many ids come several times, in one file and in files of other seeds. */
export async function writeNamedBookings(path: string, rows: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const lines = [`booking_id,customer_id,event_time,${COLUMNS}`];
  for (let row = 0; row < rows; row += 1) {
    const id = `B-${below(random, rows)}`;
    const time = new Date(Date.UTC(2025, 0, 1) + below(random, 30) * 86_400_000).toISOString();
    const cells = [id, `C${below(random, 500)}`, random() < 0.2 ? '' : time, ...booking(random)];
    lines.push(random() < 0.03 ? cells.with(3, '0').join(',') : cells.join(','));
  }
  await writeText(path, lines);
}

async function writeText(path: string, lines: readonly string[]): Promise<void> {
  const text = `${lines.join('\n')}\n`;
  await writeFile(path, path.endsWith('.gz') ? gzipSync(text) : text);
}

function booking(random: () => number): string[] {
  const flag = () => String(below(random, 2));
  return [
    String(1 + below(random, 9)),
    pick(random, ['Internet', 'Mobile']),
    pick(random, ['RoundTrip', 'OneWay', 'CircleTrip']),
    String(below(random, 400)),
    String(below(random, 100)),
    String(below(random, 24)),
    pick(random, ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']),
    pick(random, ['AKLDEL', 'AKLKUL', 'BKIMEL', 'ICNSYD', 'DPSPEN']),
    pick(random, ['New Zealand', 'Australia', 'Réunion', 'Malaysia']),
    flag(),
    flag(),
    flag(),
    pick(random, ['4.67', '5.52', '8.83']),
    flag(),
  ];
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}

export function below(random: () => number, end: number): number {
  return Math.floor(random() * end);
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
