/** What a booking says apart from its id, its customer and its time; keeps the contract. */
export const A_BOOKING = {
  num_passengers: 2,
  sales_channel: 'Internet',
  trip_type: 'RoundTrip',
  purchase_lead: 30,
  length_of_stay: 7,
  flight_hour: 9,
  flight_day: 'Mon',
  route: 'AKLKUL',
  booking_origin: 'New Zealand',
  wants_extra_baggage: true,
  wants_preferred_seat: false,
  wants_in_flight_meals: true,
  flight_duration: 5.52,
  booking_complete: false,
};
