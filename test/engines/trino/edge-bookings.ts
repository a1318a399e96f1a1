import { aBooking, type Booking } from '../bookings-lake.ts';

/**
 * Objects of bookings on which engines could part: nulls, ties, borders of days and years, letters outside ASCII,
 * repeated rows, several versions of a booking, halves that are rounded, values at both ends of their types.
 */
export const EDGES: readonly { readonly bookings: readonly Booking[]; readonly rejected?: readonly string[] }[] = [
  {
    bookings: [
      ...[
        '1969-12-31T23:59:59.999Z',
        '1970-01-01T00:00:00.000Z',
        '2023-12-31T23:59:59.999Z',
        '2024-01-01T00:00:00.000Z',
        '2024-02-29T23:30:00.000Z',
        '2024-03-31T01:30:00.000Z',
        '2024-12-30T00:00:00.000Z',
        '2025-01-05T23:59:59.000Z',
        '0001-01-01T00:00:00.000Z',
        '9999-12-31T23:59:59.999Z',
      ].map((event_time, at) => aBooking({ event_time, event_time_simulated: at % 3 === 0 ? null : at % 3 === 1 })),
      ...[
        'Réunion',
        'REUNION',
        'reunion',
        'Åland',
        'Östlich',
        'straße',
        '日本',
        '🛫',
        "O'Hare",
        'a"b',
        ' padded ',
        '%_',
      ].map((booking_origin, at) => aBooking({ booking_origin, booking_complete: at % 2 === 0 })),
    ],
    rejected: ['route:pattern', 'route:pattern', 'row:fields', 'ünïcode:reason'],
  },
  {
    bookings: [
      ...[0, 6, 7, 29, 30, 89, 90, 179, 180, 1000, -1, -2147483648, 2147483647].map((days) =>
        aBooking({ purchase_lead: days, length_of_stay: days, booking_complete: days === 0 }),
      ),
      ...['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].flatMap((flight_day) =>
        [0, 12, 23].map((flight_hour) => aBooking({ flight_day, flight_hour, booking_complete: flight_hour === 23 })),
      ),
      ...[0.1, 24, 4.9e-324, 1.7976931348623157e308, 1 / 3, 0, -0.5].map((flight_duration) =>
        aBooking({ flight_duration, route: 'AAAZZZ' }),
      ),
      aBooking({ route: 'ZZZAAA' }),
      aBooking({ route: 'ABC' }),
      aBooking({ route: '' }),
    ],
  },
  {
    // Ties: same counts for several groups, and rates at halves of the last digit.
    bookings: [3, 8, 16, 32, 64, 160, 800, 1600].flatMap((attempts, group) =>
      Array.from({ length: attempts }, (_, at) =>
        aBooking({
          booking_origin: `Tie ${group}`,
          route: `TIE${'ABCDEFGH'[group]}AA`,
          booking_complete: at < (group % 2 === 0 ? 1 : attempts - 1),
          wants_extra_baggage: at % 2 === 0,
          sales_channel: at % 5 === 0 ? 'Mobile' : 'Internet',
          trip_type: ['RoundTrip', 'OneWay', 'CircleTrip'][at % 3],
          event_time: at % 7 === 0 ? null : `2025-0${(at % 9) + 1}-1${at % 10}T0${at % 10}:00:00.000Z`,
        }),
      ),
    ),
  },
  {
    bookings: [
      aBooking({ booking_id: 'same', booking_complete: false, event_time: '2025-05-01T00:00:00.000Z' }),
      aBooking({ booking_id: 'same-too', booking_complete: true, event_time: null }),
      aBooking({ booking_origin: 'Twice' }),
      aBooking({ booking_origin: 'Twice' }),
    ],
  },
  {
    bookings: [
      aBooking({ booking_id: 'same', booking_complete: true, event_time: '2025-05-01T00:00:00.001Z' }),
      aBooking({ booking_id: 'same-too', booking_complete: false, event_time: null }),
      aBooking({ source: 'stream', source_checksum: null, source_line: null, booking_id: 'streamed' }),
    ],
    rejected: ['booking_id:missing'],
  },
];
