import { LANGUAGES, type Language, type Texts } from '../dashboards/types.ts';
import { formatted } from './formatted.ts';
import type { AlertMessage, AlertRule, AlertSet, AlertState, Observation } from './types.ts';

/** The message about a change of state, in both languages. The period of the observation stands in it. */
export function messageOf(set: AlertSet, rule: AlertRule, state: AlertState, seen: Observation): AlertMessage {
  const kind = state.isRaised ? 'raised' : 'cleared';
  const value = seen.value ?? 0;
  return {
    id: `${set.dataset}/${rule.id}/${state.incident}/${kind}`,
    dataset: set.dataset,
    alert: rule.id,
    kind,
    severity: rule.severity,
    audience: rule.audience,
    at: state.since ?? state.evaluatedAt,
    value,
    n: seen.n,
    title: inEach((language) => `${HEADINGS[kind][language]}${rule.title[language]}`),
    text: inEach((language) => {
      const measured = SENTENCES[kind][language](rule, seen, value);
      return kind === 'raised' ? `${measured} ${rule.advice[language]}` : measured;
    }),
  };
}

/** The message with the sentences of each language behind its own. */
export function withInsights(message: AlertMessage, insights: Readonly<Record<Language, readonly string[]>>) {
  const text = inEach((language) => [message.text[language], ...insights[language]].join('\n'));
  return { ...message, text };
}

const HEADINGS: Readonly<Record<AlertMessage['kind'], Texts>> = {
  raised: { en: '', fr: '' },
  cleared: { en: 'Over: ', fr: 'Terminé : ' },
};

type Sentence = (rule: AlertRule, seen: Observation, value: number) => string;

const SENTENCES: Readonly<Record<AlertMessage['kind'], Readonly<Record<Language, Sentence>>>> = {
  raised: {
    en: (rule, seen, value) =>
      `${measuredIn(rule, seen, value, 'en')}; the limit is ${formatted(rule.raiseAt, rule.format, 'en')}.`,
    fr: (rule, seen, value) =>
      `${measuredIn(rule, seen, value, 'fr')} ; le seuil est de ${formatted(rule.raiseAt, rule.format, 'fr')}.`,
  },
  cleared: {
    en: (rule, seen, value) =>
      `${measuredIn(rule, seen, value, 'en')}; all is well again from ${formatted(rule.clearAt, rule.format, 'en')}.`,
    fr: (rule, seen, value) =>
      `${measuredIn(rule, seen, value, 'fr')} ; tout va bien à partir de ${formatted(rule.clearAt, rule.format, 'fr')}.`,
  },
};

function measuredIn({ format }: AlertRule, seen: Observation, value: number, language: Language): string {
  const count = formatted(seen.n, 'count', language);
  const [low, high] = (seen.interval ?? []).map((bound) => formatted(bound, format, language));
  const between = language === 'en' ? `95 % interval ${low} to ${high}` : `intervalle à 95 % de ${low} à ${high}`;
  const sample = low === undefined ? `n = ${count}` : `n = ${count}, ${between}`;
  return `${formatted(value, format, language)} (${sample}), ${seen.period}`;
}

function inEach(text: (language: Language) => string): Texts {
  return Object.fromEntries(LANGUAGES.map((language) => [language, text(language)])) as Record<Language, string>;
}
