/** Fields of the model's scores, and what several dashboards show of them. */
import type { Field, Scatter, Texts } from '../../../core/dashboards/types.ts';
import { ATTEMPTS } from './fields.ts';

/** Where nothing was scored yet. */
export const NO_SCORES: Texts = {
  en: 'No score is in reach. Where no model is trained yet, `npx laketwin train` trains one and scores the bookings.',
  fr: 'Aucun score ici. Si aucun modèle n’est entraîné, `npx laketwin train` en entraîne un et score les réservations.',
};
/** Where no score was judged yet. */
export const NOT_JUDGED: Texts = {
  en: 'No score has met its outcome yet. `npx laketwin train` trains a model; runs after it judge it by what came.',
  fr: 'Aucun score n’a encore de résultat. `npx laketwin train` entraîne un modèle ; les exécutions suivantes le jugent.',
};

export const OPEN: Field = {
  column: 'open_bookings',
  label: { en: 'Open bookings', fr: 'En suspens' },
  format: 'count',
};
export const RECOVERABLE: Field = {
  column: 'expected_completions',
  label: { en: 'Expected completions', fr: 'Finalisations attendues' },
  format: 'number',
};
export const PROBABILITY: Field = {
  column: 'mean_probability',
  label: { en: 'Mean probability of completion', fr: 'Probabilité moyenne de finalisation' },
  format: 'rate',
};
export const BAND: Field = { column: 'risk_band', label: { en: 'Risk', fr: 'Risque' }, format: 'text' };
export const ROUTE: Field = { column: 'route', label: { en: 'Route', fr: 'Liaison' }, format: 'text' };
export const VERSION: Field = { column: 'model_version', label: { en: 'Model', fr: 'Modèle' }, format: 'text' };
export const LAST_SCORED: Field = {
  column: 'last_scored_at',
  label: { en: 'Last scores (UTC)', fr: 'Derniers scores (UTC)' },
  format: 'instant',
};
export const BASIS: Field = { column: 'basis', label: { en: 'Judged by', fr: 'Jugé sur' }, format: 'text' };
export const JUDGED: Field = { ...ATTEMPTS, column: 'bookings' };
export const SCORED_DAY: Field = {
  column: 'scored_date',
  label: { en: 'Day of scores', fr: 'Jour des scores' },
  format: 'day',
};
export const FORETOLD: Field = { column: 'mean_prediction', label: { en: 'Foretold', fr: 'Prédit' }, format: 'rate' };
export const CAME: Field = { column: 'completion_rate', label: { en: 'Observed', fr: 'Observé' }, format: 'rate' };
export const GAP: Field = { column: 'calibration_gap', label: { en: 'Gap', fr: 'Écart' }, format: 'points' };

/** Shown to operations and to the direction, each under its own id. */
export const ROUTES: Omit<Scatter, 'id'> = {
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
