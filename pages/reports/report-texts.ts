import type { Language, Texts } from '../../core/dashboards/types.ts';

const TEXTS = {
  about: { en: 'About this report', fr: 'À propos de ce rapport' },
  aboutSheet: { en: 'About', fr: 'À propos' },
  report: { en: 'Report', fr: 'Rapport' },
  audience: { en: 'For', fr: 'Pour' },
  period: { en: 'Period', fr: 'Période' },
  allDays: { en: 'no limits', fr: 'sans limites' },
  compared: { en: 'Compared with', fr: 'Comparée à' },
  filters: { en: 'Filters', fr: 'Filtres' },
  noFilters: { en: 'none', fr: 'aucun' },
  rowsShown: { en: 'Bookings in this report', fr: 'Réservations dans ce rapport' },
  rowsInAll: { en: 'Bookings in the lake', fr: 'Réservations dans le lac' },
  rowsSimulated: { en: 'of them with simulated dates', fr: 'dont dates simulées' },
  rowsUndated: { en: 'of them without a date', fr: 'dont sans date' },
  ingested: { en: 'Last taken in (UTC)', fr: 'Dernière réception (UTC)' },
  lastBooked: { en: 'Last booking in the lake (UTC)', fr: 'Dernière réservation du lac (UTC)' },
  version: { en: 'Version of the table', fr: 'Version de la table' },
  model: { en: 'Model', fr: 'Modèle' },
  scored: { en: 'Last scores (UTC)', fr: 'Derniers scores (UTC)' },
  made: { en: 'Made (UTC)', fr: 'Établi (UTC)' },
  notWhole: {
    en: 'The data do not cover this whole period: it is not compared with the one before.',
    fr: 'Les données ne couvrent pas toute cette période : elle n’est pas comparée à la précédente.',
  },
  emptyPeriod: {
    en: 'There is no booking in this period with these filters.',
    fr: 'Aucune réservation sur cette période avec ces filtres.',
  },
  overall: { en: 'all months', fr: 'tous les mois' },
  visual: { en: 'Visual', fr: 'Visuel' },
  sheet: { en: 'Sheet', fr: 'Feuille' },
  file: { en: 'File', fr: 'Fichier' },
  question: { en: 'Question', fr: 'Question' },
  rows: { en: 'Rows', fr: 'Lignes' },
  written: { en: 'Rows written', fr: 'Lignes écrites' },
  note: { en: 'Note', fr: 'Remarque' },
  cut: {
    en: 'Only the first rows are here. All of them as Parquet: npx laketwin query with this SQL, --format parquet --out FILE',
    fr: 'Seules les premières lignes sont ici. Toutes en Parquet : npx laketwin query avec ce SQL, --format parquet --out FICHIER',
  },
  shares: {
    en: 'Shares are from 0 to 1, differences of shares likewise; days are as 2026-01-31.',
    fr: 'Les parts vont de 0 à 1, leurs écarts de même ; les jours sont comme 2026-01-31.',
  },
  low: { en: 'lower bound, 95 %', fr: 'borne basse à 95 %' },
  high: { en: 'upper bound, 95 %', fr: 'borne haute à 95 %' },
  page: { en: 'page', fr: 'page' },
} as const satisfies Readonly<Record<string, Texts>>;

export type ReportTexts = Readonly<Record<keyof typeof TEXTS, string>>;

/** The words that only reports have, in one language. */
export function reportTexts(language: Language): ReportTexts {
  const texts = Object.entries(TEXTS).map(([name, text]) => [name, text[language]]);
  return Object.fromEntries(texts) as Record<keyof typeof TEXTS, string>;
}
