import type { Texts } from '../../core/dashboards/types.ts';

/** What codes of the data are called on pages. Names of countries and routes stay as the source gives them. */
export const words: Readonly<Record<string, Texts>> = {
  Internet: { en: 'Internet', fr: 'Internet' },
  Mobile: { en: 'Mobile', fr: 'Mobile' },
  RoundTrip: { en: 'Round trip', fr: 'Aller-retour' },
  OneWay: { en: 'One way', fr: 'Aller simple' },
  CircleTrip: { en: 'Circle trip', fr: 'Circuit' },
  Mon: { en: 'Mon', fr: 'lun.' },
  Tue: { en: 'Tue', fr: 'mar.' },
  Wed: { en: 'Wed', fr: 'mer.' },
  Thu: { en: 'Thu', fr: 'jeu.' },
  Fri: { en: 'Fri', fr: 'ven.' },
  Sat: { en: 'Sat', fr: 'sam.' },
  Sun: { en: 'Sun', fr: 'dim.' },
  'extra baggage': { en: 'Extra baggage', fr: 'Bagage' },
  'preferred seat': { en: 'Preferred seat', fr: 'Siège choisi' },
  'in-flight meals': { en: 'In-flight meals', fr: 'Repas à bord' },
  '1: 0-6 days': { en: '0–6 days', fr: '0–6 jours' },
  '2: 7-29 days': { en: '7–29 days', fr: '7–29 jours' },
  '3: 30-89 days': { en: '30–89 days', fr: '30–89 jours' },
  '4: 90-179 days': { en: '90–179 days', fr: '90–179 jours' },
  '5: 180 days or more': { en: '180 days or more', fr: '180 jours ou plus' },
  batch: { en: 'file', fr: 'fichier' },
  stream: { en: 'stream', fr: 'flux' },
  error: { en: 'critical', fr: 'critique' },
  warning: { en: 'warning', fr: 'avertissement' },
};
