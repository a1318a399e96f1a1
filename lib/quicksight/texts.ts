import type { Texts } from '../../core/dashboards/types.ts';

/** What the compiler itself says on dashboards. */
export const TEXTS = {
  sample: { en: 'Bookings behind it', fr: 'Réservations à l’appui' },
  low: { en: 'At least (95 %)', fr: 'Au moins (95 %)' },
  high: { en: 'At most (95 %)', fr: 'Au plus (95 %)' },
  simulated: { en: 'Simulated dates (1 = yes)', fr: 'Dates simulées (1 = oui)' },
  simulatedRows: { en: 'Simulated dates (0 = none)', fr: 'Dates simulées (0 = aucune)' },
  total: { en: 'Total', fr: 'Total' },
  totalShown: { en: 'Total of these', fr: 'Total affiché' },
  target: { en: 'Target', fr: 'Objectif' },
  period: { en: 'Period', fr: 'Période' },
  covered: { en: 'Whole period in the data (1 = yes)', fr: 'Période entière dans les données (1 = oui)' },
  first: { en: 'First day', fr: 'Premier jour' },
  last: { en: 'Last day', fr: 'Dernier jour' },
  before: { en: 'period before', fr: 'période précédente' },
  lowerIsBetter: { en: 'Lower is better.', fr: 'Moins, c’est mieux.' },
  unfiltered: { en: 'Not filtered.', fr: 'Non filtré.' },
  behind: { en: 'The numbers behind', fr: 'Les chiffres à l’appui' },
  behindQuestion: {
    en: 'Which days, how many bookings and which interval stand behind the numbers above?',
    fr: 'Quels jours, combien de réservations et quel intervalle derrière les chiffres ci-dessus ?',
  },
  simulatedNote: {
    en: 'Some dates may be simulated: a mark says so when it is pointed at, a table in a column of its own.',
    fr: 'Certaines dates peuvent être simulées : le survol d’une marque le dit, un tableau a sa colonne.',
  },
  unreachedNote: { en: 'Filters that reach nothing here: ', fr: 'Filtres sans effet ici : ' },
  live: { en: 'Asked of the lake at each look.', fr: 'Lu dans le lac à chaque affichage.' },
  kept: {
    en: 'As of the last publication of the lake, read anew after each.',
    fr: 'À la dernière publication du lac, relu après chacune.',
  },
  smallNote: {
    en: 'Rates over few bookings mean little: look at how many stand behind them.',
    fr: 'Un taux sur peu de réservations dit peu : voir combien il y en a à l’appui.',
  },
  first_day: { en: 'First', fr: 'Du' },
  last_day: { en: 'Last', fr: 'Au' },
  filterBy: { en: 'Filter by', fr: 'Filtrer par' },
} as const satisfies Readonly<Record<string, Texts>>;
