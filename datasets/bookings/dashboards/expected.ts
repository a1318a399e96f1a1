import type { Sheet } from '../../../core/dashboards/types.ts';
import { CHANNEL } from './fields.ts';
import { BAND, LAST_SCORED, NO_SCORES, OPEN, RECOVERABLE, ROUTES, VERSION } from './score-fields.ts';

/** What the direction may expect of the open bookings. */
export const expected: Sheet = {
  id: 'expected',
  title: { en: 'Expected', fr: 'À espérer' },
  isLive: true,
  visuals: [
    {
      id: 'recoverable-bookings',
      kind: 'kpi',
      title: { en: 'Expected recoverable', fr: 'Récupérables attendues' },
      question: {
        en: 'How many open bookings would be completed, at the model’s probabilities?',
        fr: 'Combien de réservations en suspens aboutiraient, aux probabilités du modèle ?',
      },
      source: 'recoverable_bookings',
      value: RECOVERABLE,
      sample: 'open_bookings',
      whenEmpty: NO_SCORES,
    },
    {
      id: 'recoverable-passengers',
      kind: 'kpi',
      title: { en: 'Passengers on them', fr: 'Passagers concernés' },
      question: { en: 'How many people would travel?', fr: 'Combien de personnes voyageraient ?' },
      source: 'recoverable_bookings',
      value: {
        column: 'expected_passengers',
        label: { en: 'Expected passengers', fr: 'Passagers attendus' },
        format: 'number',
      },
      sample: 'open_bookings',
      whenEmpty: NO_SCORES,
    },
    {
      id: 'recoverable-by-channel',
      kind: 'pivot',
      title: { en: 'Expected recoverable by risk and channel', fr: 'Récupérables attendues par risque et canal' },
      question: { en: 'Where would a campaign reach them?', fr: 'Où une campagne les atteindrait-elle ?' },
      source: 'risk_by_channel',
      rows: [BAND],
      columns: CHANNEL,
      value: RECOVERABLE,
      sample: 'open_bookings',
      order: [{ column: 'risk_rank' }, { column: 'sales_channel' }],
      whenEmpty: NO_SCORES,
    },
    { ...ROUTES, id: 'recoverable-by-route' },
    {
      id: 'foretold-by',
      kind: 'table',
      title: { en: 'Foretold by', fr: 'Prédit par' },
      question: { en: 'Which model foretold this, and when?', fr: 'Quel modèle l’a prédit, et quand ?' },
      source: 'recoverable_bookings',
      columns: [VERSION, LAST_SCORED, OPEN, RECOVERABLE],
      whenEmpty: NO_SCORES,
    },
  ],
};
