import type { Language } from '../dashboards/types.ts';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };
const OPTIONS = {
  count: { maximumFractionDigits: 0 },
  rate: { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 },
  minutes: { style: 'unit', unit: 'minute', unitDisplay: 'long', maximumFractionDigits: 0 },
  points: { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' },
} as const satisfies Record<string, Intl.NumberFormatOptions>;

/** A figure for a reader: `rate` is a share in percent, `points` a difference of two shares in percentage points. */
export function formatted(value: number, format: keyof typeof OPTIONS, language: Language): string {
  const scaled = format === 'points' ? value * 100 : value;
  return new Intl.NumberFormat(LOCALES[language], OPTIONS[format]).format(scaled);
}
