import { LANGUAGES, type Language, type Texts } from '../dashboards/types.ts';
import { formatted } from './formatted.ts';
import type { AlertSet, Contribution } from './types.ts';

const MOST = 3;
/** A segment with fewer attempts in either period says nothing of its rate. */
const LEAST_ATTEMPTS = 30;
/** The normal quantile of a 95 % interval. */
const Z = 1.96;

/**
 * The biggest contributions to a fall (or, where `falls` is false, to a rise) of the completion rate as sentences, the
 * biggest first: from the 28 complete days before to the last 28. None where no segment has enough attempts.
 */
export function insightsOf(
  { words }: AlertSet,
  contributions: readonly Contribution[],
  falls: boolean,
): Readonly<Record<Language, readonly string[]>> {
  const told = contributions
    .filter(({ attempts, attemptsBefore }) => Math.min(attempts, attemptsBefore) >= LEAST_ATTEMPTS)
    // The one segment of a dimension is the change itself.
    .filter((it) => contributions.some((other) => other.dimension === it.dimension && other.segment !== it.segment))
    .filter(({ contribution }) => (falls ? contribution < 0 : contribution > 0))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || compare(a.segment, b.segment))
    .slice(0, MOST);
  const sentences = LANGUAGES.map((language) => [language, told.map((it) => SENTENCES[language](it, words))]);
  return Object.fromEntries(sentences) as Record<Language, string[]>;
}

/** Wilson's interval of a share at 95 %, as the views have it. */
export function wilsonInterval(share: number, n: number): readonly [low: number, high: number] {
  const centre = share + (Z * Z) / (2 * n);
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const whole = 1 + (Z * Z) / n;
  return [(centre - spread) / whole, (centre + spread) / whole];
}

const DIMENSIONS: Readonly<Record<string, Texts>> = {
  sales_channel: { en: 'channel', fr: 'canal' },
  trip_type: { en: 'trip', fr: 'voyage' },
  booking_origin: { en: 'country', fr: 'pays' },
};

type Sentence = (it: Contribution, words: AlertSet['words']) => string;

const SENTENCES: Readonly<Record<Language, Sentence>> = {
  en: (it, words) => {
    const { name, now, low, high, n, before, nBefore, points } = parts(it, words, 'en');
    return `${name}: ${now} (n = ${n}, 95 % interval ${low} to ${high}) over 28 days, ${before} (n = ${nBefore}) over the 28 before: ${points} pt of the change.`;
  },
  fr: (it, words) => {
    const { name, now, low, high, n, before, nBefore, points } = parts(it, words, 'fr');
    return `${name} : ${now} (n = ${n}, intervalle à 95 % de ${low} à ${high}) sur 28 jours, ${before} (n = ${nBefore}) sur les 28 précédents : ${points} pt de la variation.`;
  },
};

function parts(it: Contribution, words: AlertSet['words'], language: Language) {
  const [low, high] = wilsonInterval(it.rateNow, it.attempts);
  const rate = (value: number) => formatted(value, 'rate', language);
  const count = (value: number) => formatted(value, 'count', language);
  const dimension = DIMENSIONS[it.dimension]?.[language] ?? it.dimension;
  return {
    name: `${words[it.segment]?.[language] ?? it.segment} (${dimension})`,
    now: rate(it.rateNow),
    low: rate(low),
    high: rate(high),
    n: count(it.attempts),
    before: rate(it.rateBefore),
    nBefore: count(it.attemptsBefore),
    points: formatted(it.contribution, 'points', language),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
