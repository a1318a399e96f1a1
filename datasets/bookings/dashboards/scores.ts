/** What the model foretells, and whether it can be believed. */
import type { Field, Scatter, Sheet, Texts } from '../../../core/dashboards/types.ts';
import { ATTEMPTS, CHANNEL, COMPLETED, ORIGIN, RATE } from './fields.ts';

/** Where nothing was scored yet. */
export const NO_SCORES: Texts = {
  en: 'No score is in reach. Where no model is trained yet, `npx laketwin train` trains one and scores the bookings.',
  fr: 'Aucun score ici. Si aucun modèle n’est entraîné, `npx laketwin train` en entraîne un et score les réservations.',
};
const NOT_JUDGED: Texts = {
  en: 'No score has met its outcome yet. `npx laketwin train` trains a model; runs after it judge it by what came.',
  fr: 'Aucun score n’a encore de résultat. `npx laketwin train` entraîne un modèle ; les exécutions suivantes le jugent.',
};

const OPEN: Field = { column: 'open_bookings', label: { en: 'Open bookings', fr: 'En suspens' }, format: 'count' };
export const RECOVERABLE: Field = {
  column: 'expected_completions',
  label: { en: 'Expected completions', fr: 'Finalisations attendues' },
  format: 'number',
};
const PROBABILITY: Field = {
  column: 'mean_probability',
  label: { en: 'Mean probability of completion', fr: 'Probabilité moyenne de finalisation' },
  format: 'rate',
};
const BAND: Field = { column: 'risk_band', label: { en: 'Risk', fr: 'Risque' }, format: 'text' };
const ROUTE: Field = { column: 'route', label: { en: 'Route', fr: 'Liaison' }, format: 'text' };
const VERSION: Field = { column: 'model_version', label: { en: 'Model', fr: 'Modèle' }, format: 'text' };
const BASIS: Field = { column: 'basis', label: { en: 'Judged by', fr: 'Jugé sur' }, format: 'text' };
const JUDGED: Field = { ...ATTEMPTS, column: 'bookings' };
const SCORED_DAY: Field = {
  column: 'scored_date',
  label: { en: 'Day of scores', fr: 'Jour des scores' },
  format: 'day',
};
const FORETOLD: Field = { column: 'mean_prediction', label: { en: 'Foretold', fr: 'Prédit' }, format: 'rate' };
const CAME: Field = { column: 'completion_rate', label: { en: 'Observed', fr: 'Observé' }, format: 'rate' };
const GAP: Field = { column: 'calibration_gap', label: { en: 'Gap', fr: 'Écart' }, format: 'points' };

/** Shown to operations and to the direction, each under its own id. */
const ROUTES: Omit<Scatter, 'id'> = {
  kind: 'scatter',
  title: { en: 'Routes by volume and probability', fr: 'Liaisons par volume et probabilité' },
  question: {
    en: 'On which of the sixty routes with most open bookings is a call worth most?',
    fr: 'Sur laquelle des soixante liaisons les plus en suspens un appel vaut-il le plus ?',
  },
  source: 'open_bookings_by_route',
  x: OPEN,
  y: PROBABILITY,
  label: ROUTE,
  size: RECOVERABLE,
  isLogarithmic: true,
  sample: 'open_bookings',
  order: [{ column: 'open_bookings', descending: true }, { column: 'route' }],
  top: 60,
  whenEmpty: NO_SCORES,
};

/** Who to call. Bookings bear their id and no person. */
export const calls: Sheet = {
  id: 'calls',
  title: { en: 'Who to call', fr: 'Qui appeler' },
  isLive: true,
  visuals: [
    {
      id: 'open-by-channel',
      kind: 'pivot',
      title: { en: 'Open bookings by risk and channel', fr: 'Réservations en suspens par risque et canal' },
      question: { en: 'How many are still to be won, and where?', fr: 'Combien restent à gagner, et où ?' },
      source: 'risk_by_channel',
      rows: [BAND],
      columns: CHANNEL,
      value: OPEN,
      order: [{ column: 'risk_rank' }, { column: 'sales_channel' }],
      whenEmpty: NO_SCORES,
    },
    { ...ROUTES, id: 'risk-by-route' },
    {
      id: 'at-risk',
      kind: 'table',
      title: { en: 'Bookings to call first', fr: 'Réservations à appeler d’abord' },
      question: {
        en: 'Which open bookings bring most passengers, times their probability?',
        fr: 'Quelles réservations en suspens apportent le plus de passagers, fois leur probabilité ?',
      },
      source: 'at_risk_bookings',
      columns: [
        { column: 'booking_id', label: { en: 'Booking', fr: 'Réservation' }, format: 'text' },
        {
          column: 'expected_passengers',
          label: { en: 'Expected passengers', fr: 'Passagers attendus' },
          format: 'number',
        },
        {
          column: 'completion_probability',
          label: { en: 'Probability of completion', fr: 'Probabilité de finalisation' },
          format: 'rate',
        },
        BAND,
        { column: 'num_passengers', label: { en: 'Passengers', fr: 'Passagers' }, format: 'count' },
        ROUTE,
        CHANNEL,
        ORIGIN,
        {
          column: 'purchase_lead',
          label: { en: 'Days before departure', fr: 'Avance (jours)' },
          format: 'count',
        },
        { column: 'event_date', label: { en: 'Booked', fr: 'Réservé le' }, format: 'day' },
        { column: 'flags', label: { en: 'Strange to the model', fr: 'Inhabituel pour le modèle' }, format: 'text' },
        VERSION,
        { column: 'scored_at', label: { en: 'Scored (UTC)', fr: 'Scoré (UTC)' }, format: 'instant' },
      ],
      order: [{ column: 'expected_passengers', descending: true }, { column: 'booking_id' }],
      top: 100,
      simulated: 'has_simulated_time',
      whenEmpty: NO_SCORES,
    },
  ],
};

/** Can I trust the model? */
export const model: Sheet = {
  id: 'model',
  title: { en: 'The model', fr: 'Le modèle' },
  visuals: [
    {
      id: 'calibration',
      kind: 'scatter',
      title: { en: 'Foretold against observed', fr: 'Prédit contre observé' },
      question: {
        en: 'Does the newest model foretell each tenth of the bookings as it comes?',
        fr: 'Le dernier modèle prédit-il chaque dixième comme il advient ?',
      },
      source: 'calibration_by_decile',
      only: 'is_newest_version',
      x: FORETOLD,
      y: CAME,
      label: { column: 'decile', label: { en: 'Tenth', fr: 'Dixième' }, format: 'count' },
      series: BASIS,
      sample: 'bookings',
      hasDiagonal: true,
      order: [{ column: 'basis' }, { column: 'decile' }],
      whenEmpty: NOT_JUDGED,
    },
    {
      id: 'calibration-table',
      kind: 'pivot',
      title: { en: 'Completed, by tenth of probability', fr: 'Finalisées, par dixième de probabilité' },
      question: {
        en: 'How many bookings stand behind each tenth, and how many were completed?',
        fr: 'Combien de réservations derrière chaque dixième, et combien finalisées ?',
      },
      source: 'calibration_by_decile',
      only: 'is_newest_version',
      rows: [{ column: 'decile', label: { en: 'Tenth', fr: 'Dixième' }, format: 'count' }],
      columns: BASIS,
      value: RATE,
      numerator: COMPLETED.column,
      sample: 'bookings',
      order: [{ column: 'decile' }, { column: 'basis' }],
      whenEmpty: NOT_JUDGED,
    },
    {
      id: 'model-in-use',
      kind: 'table',
      title: { en: 'Models and their scores', fr: 'Modèles et leurs scores' },
      question: { en: 'Which model scored, how much and when?', fr: 'Quel modèle a scoré, combien et quand ?' },
      source: 'scores_by_version',
      columns: [
        VERSION,
        { ...JUDGED, column: 'scored_bookings', label: { en: 'Scored bookings', fr: 'Réservations scorées' } },
        { ...JUDGED, column: 'learnt_from', label: { en: 'Learnt from', fr: 'Vues à l’entraînement' } },
        {
          column: 'first_scored_at',
          label: { en: 'First scores (UTC)', fr: 'Premiers scores (UTC)' },
          format: 'instant',
        },
        {
          column: 'last_scored_at',
          label: { en: 'Last scores (UTC)', fr: 'Derniers scores (UTC)' },
          format: 'instant',
        },
      ],
      order: [{ column: 'model_version', descending: true }],
      top: 10,
      whenEmpty: NO_SCORES,
    },
    {
      id: 'model-quality',
      kind: 'table',
      title: { en: 'Quality by day', fr: 'Qualité par jour' },
      question: { en: 'Does the model foretell as well as it did?', fr: 'Le modèle prédit-il aussi bien qu’avant ?' },
      source: 'model_quality_by_day',
      columns: [
        SCORED_DAY,
        VERSION,
        BASIS,
        JUDGED,
        FORETOLD,
        CAME,
        GAP,
        { column: 'roc_auc', label: { en: 'ROC AUC', fr: 'AUC ROC' }, format: 'index' },
        { column: 'log_loss', label: { en: 'Log loss', fr: 'Perte log.' }, format: 'index' },
        { column: 'brier', label: { en: 'Brier', fr: 'Brier' }, format: 'index' },
      ],
      sample: 'bookings',
      order: [
        { column: 'scored_date', descending: true },
        { column: 'model_version', descending: true },
        { column: 'basis' },
      ],
      top: 30,
      whenEmpty: NOT_JUDGED,
    },
    {
      id: 'drift',
      kind: 'table',
      title: { en: 'Drift by day', fr: 'Dérive par jour' },
      question: { en: 'Has the world moved since the training?', fr: 'Le monde a-t-il changé depuis l’entraînement ?' },
      source: 'drift_by_day',
      columns: [
        SCORED_DAY,
        VERSION,
        { column: 'kind', label: { en: 'Watched', fr: 'Surveillé' }, format: 'text' },
        { column: 'name', label: { en: 'Name', fr: 'Nom' }, format: 'text' },
        JUDGED,
        { column: 'psi', label: { en: 'PSI', fr: 'PSI' }, format: 'index' },
        { column: 'baseline', label: { en: 'In training', fr: 'À l’entraînement' }, format: 'index' },
        { column: 'found', label: { en: 'On the day', fr: 'Ce jour' }, format: 'index' },
        { column: 'is_alarm', label: { en: 'Alarm', fr: 'Alarme' }, format: 'yes' },
      ],
      order: [
        { column: 'scored_date', descending: true },
        { column: 'is_alarm', descending: true },
        { column: 'kind' },
        { column: 'name' },
      ],
      top: 60,
      whenEmpty: NOT_JUDGED,
    },
  ],
};

/** What the direction may expect of the open bookings. */
export const expected: Sheet = {
  id: 'expected',
  title: { en: 'Expected', fr: 'À espérer' },
  visuals: [
    {
      id: 'recoverable',
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
  ],
};
