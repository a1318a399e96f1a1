import { defineAlerts } from '../../core/alerts/define-alerts.ts';
import { TARGET_RATE } from './target.ts';
import { words } from './words.ts';

/** What somebody is told of, without looking. */
export const bookingAlerts = defineAlerts({
  dataset: 'bookings',
  words,
  rules: [
    {
      id: 'completion-below-target',
      severity: 'warning',
      audience: 'direction',
      title: {
        en: 'Fewer bookings are completed than aimed at',
        fr: 'Moins de réservations abouties que l’objectif',
      },
      advice: {
        en: 'The dashboard of the direction shows since when.',
        fr: 'Le tableau de bord de la direction montre depuis quand.',
      },
      query: 'completion-rate',
      contributions: 'contributions',
      format: 'rate',
      raiseWhen: 'below',
      raiseAt: TARGET_RATE - 0.02,
      clearAt: TARGET_RATE - 0.01,
      leastN: 500,
      consecutive: 2,
      everyMinutes: 60,
      needs: ['bookings'],
    },
    {
      id: 'stream-silent',
      severity: 'critical',
      audience: 'operations',
      title: { en: 'No booking comes through the stream', fr: 'Aucune réservation ne passe par le flux' },
      advice: {
        en: 'See whether the booking system sends, then the stream’s own alarms.',
        fr: 'Vérifiez que le système de réservation envoie, puis les alarmes du flux.',
      },
      query: 'stream-silence',
      format: 'minutes',
      raiseWhen: 'above',
      raiseAt: 15,
      clearAt: 10,
      leastN: 1,
      consecutive: 1,
      everyMinutes: 5,
      needs: ['processed_bookings', 'rejected_bookings'],
    },
    {
      id: 'rejected-share',
      severity: 'warning',
      audience: 'operations',
      title: { en: 'Too many rows are refused', fr: 'Trop de lignes sont refusées' },
      advice: {
        en: 'The view rejected_by_reason says why.',
        fr: 'La vue rejected_by_reason dit pourquoi.',
      },
      query: 'rejected-share',
      format: 'rate',
      raiseWhen: 'above',
      raiseAt: 0.02,
      clearAt: 0.01,
      leastN: 100,
      consecutive: 2,
      everyMinutes: 15,
      needs: ['processed_bookings', 'rejected_bookings'],
    },
    {
      id: 'calibration-gap',
      severity: 'warning',
      audience: 'operations',
      title: {
        en: 'The model foretells otherwise than bookings end',
        fr: 'Le modèle prévoit autre chose que ce qui arrive',
      },
      advice: {
        en: 'Train the model again before anyone relies on its scores.',
        fr: 'Réentraînez le modèle avant de vous fier à ses scores.',
      },
      query: 'calibration-gap',
      format: 'rate',
      raiseWhen: 'above',
      raiseAt: 0.05,
      clearAt: 0.03,
      leastN: 500,
      consecutive: 1,
      everyMinutes: 60,
      needs: ['model_metrics'],
    },
  ],
});
