import { type AnswerValue, valueText } from '../core/answers/answer-value.ts';
import type { Format, Language, Texts } from '../core/dashboards/types.ts';
import { pageTexts } from './page-texts.ts';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

/** Writes values for a reader of one language. */
export class ValueFormat {
  readonly #language: Language;
  readonly #words: Readonly<Record<string, Texts>>;
  readonly #numbers: Readonly<Record<'count' | 'number' | 'index' | 'rate' | 'percent' | 'points', Intl.NumberFormat>>;
  readonly #days: Readonly<Record<'day' | 'month' | 'short' | 'near', Intl.DateTimeFormat>>;

  constructor(language: Language, words: Readonly<Record<string, Texts>>) {
    this.#language = language;
    this.#words = words;
    const locale = LOCALES[language];
    const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
    const day = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    this.#numbers = {
      count: number({ maximumFractionDigits: 0 }),
      number: number({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
      index: number({ minimumFractionDigits: 3, maximumFractionDigits: 3 }),
      rate: number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
      percent: number({ style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
      points: number({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' }),
    };
    this.#days = {
      day: day({ day: 'numeric', month: 'short', year: 'numeric' }),
      month: day({ month: 'long', year: 'numeric' }),
      short: day({ month: 'short', year: '2-digit' }),
      near: day({ day: 'numeric', month: 'short' }),
    };
  }

  /** Null is a dash. */
  value(value: AnswerValue | undefined, format: Format): string {
    if (value === null || value === undefined) return '–';
    return this.#writers[format](value);
  }

  /** A relative change, with its sign. */
  percent(change: number): string {
    return this.#numbers.percent.format(change);
  }

  /** A place on an axis of time, in milliseconds since 1970; on an axis of few months, its day. */
  shortDay(time: number, isNear = false): string {
    return this.#days[isNear ? 'near' : 'short'].format(time);
  }

  readonly #writers: Readonly<Record<Format, (value: AnswerValue) => string>> = {
    text: (value) => this.#words[valueText(value)]?.[this.#language] ?? valueText(value),
    count: (value) => this.#numbers.count.format(Number(value)),
    number: (value) => this.#numbers.number.format(Number(value)),
    index: (value) => this.#numbers.index.format(Number(value)),
    rate: (value) => this.#numbers.rate.format(Number(value)),
    points: (value) => `${this.#numbers.points.format(Number(value) * 100)} pt`,
    hours: (value) => `${this.#numbers.number.format(Number(value))} h`,
    day: (value) => this.#days.day.format(timeOf(value)),
    month: (value) => this.#days.month.format(timeOf(value)),
    instant: (value) => `${this.#days.day.format(timeOf(value))} ${valueText(value).slice(11, 16)}`,
    yes: (value) => pageTexts(this.#language)[value === true ? 'yes' : 'no'],
  };
}

/** Milliseconds since 1970 of a day or an instant as the engine gives it, in UTC. */
export function timeOf(value: AnswerValue): number {
  const [day = '', clock = '00:00:00'] = valueText(value).split(' ');
  return Date.parse(`${day}T${clock}Z`);
}
