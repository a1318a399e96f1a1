import type { Language, Texts } from '../core/dashboards/types.ts';

const TEXTS = {
  product: { en: 'Laketwin', fr: 'Laketwin' },
  skip: { en: 'Skip to content', fr: 'Aller au contenu' },
  dashboards: { en: 'Dashboards', fr: 'Tableaux de bord' },
  settings: { en: 'Language and colours', fr: 'Langue et couleurs' },
  auto: { en: 'as the system', fr: 'comme le système' },
  light: { en: 'light', fr: 'clair' },
  dark: { en: 'dark', fr: 'sombre' },
  filters: { en: 'Filters', fr: 'Filtres' },
  all: { en: 'all', fr: 'tous' },
  from: { en: 'from', fr: 'du' },
  to: { en: 'to', fr: 'au' },
  apply: { en: 'Apply', fr: 'Appliquer' },
  clear: { en: 'Clear filters', fr: 'Effacer les filtres' },
  remove: { en: 'Remove filter', fr: 'Retirer le filtre' },
  noFilter: { en: 'No filter: all bookings.', fr: 'Aucun filtre : toutes les réservations.' },
  chosen: { en: 'Filtered by', fr: 'Filtré par' },
  bookings: { en: 'bookings', fr: 'réservations' },
  of: { en: 'of', fr: 'sur' },
  ingested: { en: 'last taken in', fr: 'dernière réception' },
  lastBooked: { en: 'last booking', fr: 'dernière réservation' },
  version: { en: 'version of the table', fr: 'version de la table' },
  simulated: { en: 'simulated dates', fr: 'dates simulées' },
  simulatedNote: {
    en: 'Some dates were made up for a demonstration: trends and periods over them say nothing about the trade.',
    fr: 'Certaines dates ont été inventées pour une démonstration : tendances et périodes ne disent rien de l’activité.',
  },
  noTimes: { en: 'bookings carry no date and are in no trend', fr: 'réservations sans date, absentes des tendances' },
  stale: {
    en: 'These data are old: nothing has been taken in for more than',
    fr: 'Ces données sont anciennes : rien n’a été reçu depuis plus de',
  },
  hours: { en: 'hours', fr: 'heures' },
  unreadable: {
    en: 'The lake has changed and could not be read again. You see its former state.',
    fr: 'Le lac a changé et n’a pas pu être relu. Vous voyez son état précédent.',
  },
  emptyLake: { en: 'There is nothing in the lake yet.', fr: 'Le lac est encore vide.' },
  emptyLakeHint: { en: 'Take a file in, or a generated sample:', fr: 'Recevez un fichier, ou un exemple généré :' },
  nothing: { en: 'No booking matches these filters.', fr: 'Aucune réservation ne correspond à ces filtres.' },
  noRows: { en: 'Nothing to show.', fr: 'Rien à afficher.' },
  swapped: { en: 'The first day is after the last.', fr: 'Le premier jour est après le dernier.' },
  noDay: { en: 'A date is no day of the calendar.', fr: 'Une date n’existe pas au calendrier.' },
  tooMany: { en: 'More values are chosen than a filter takes, at most', fr: 'Trop de valeurs choisies, au plus' },
  failed: { en: 'This could not be computed. Error', fr: 'Le calcul a échoué. Erreur' },
  data: { en: 'Data', fr: 'Données' },
  sql: { en: 'SQL', fr: 'SQL' },
  parameters: { en: 'Parameters', fr: 'Paramètres' },
  unfiltered: { en: 'Filters do not reach this.', fr: 'Les filtres ne s’appliquent pas ici.' },
  sample: { en: 'Number', fr: 'Effectif' },
  interval: { en: '95 % interval', fr: 'Intervalle à 95 %' },
  small: { en: 'faded: fewer than', fr: 'estompé : moins de' },
  hidden: { en: 'hidden: fewer than', fr: 'masqué : moins de' },
  before: { en: 'before', fr: 'avant' },
  notComparable: { en: 'N/A: no complete period before', fr: 'n. d. : pas de période précédente complète' },
  target: { en: 'target', fr: 'objectif' },
  highest: { en: 'highest', fr: 'maximum' },
  lowest: { en: 'lowest', fr: 'minimum' },
  values: { en: 'values', fr: 'valeurs' },
  colon: { en: ': ', fr: ' : ' },
  yes: { en: 'yes', fr: 'oui' },
  no: { en: 'no', fr: 'non' },
  moreRows: { en: 'rows more, in the SQL', fr: 'lignes de plus, dans le SQL' },
  notFound: { en: 'There is no such page.', fr: 'Cette page n’existe pas.' },
  drill: { en: 'Filter by', fr: 'Filtrer par' },
} as const satisfies Readonly<Record<string, Texts>>;

/** The words of the pages in one language. */
export function pageTexts(language: Language): Readonly<Record<keyof typeof TEXTS, string>> {
  const texts = Object.entries(TEXTS).map(([name, text]) => [name, text[language]]);
  return Object.fromEntries(texts) as Record<keyof typeof TEXTS, string>;
}

export type PageTexts = ReturnType<typeof pageTexts>;
