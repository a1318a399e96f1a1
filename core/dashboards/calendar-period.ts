/** Months and years that reports are about. */
import type { Days } from './compared-periods.ts';

export const PERIOD_KINDS = ['month', 'year'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

export interface CalendarPeriod extends Days {
  readonly kind: PeriodKind;
  /** As `2026-01` or `2025`. */
  readonly name: string;
}

const FORMS: Readonly<Record<PeriodKind, { readonly form: RegExp; readonly example: string }>> = {
  month: { form: /^[12]\d{3}-(0[1-9]|1[0-2])$/, example: '2026-01' },
  year: { form: /^[12]\d{3}$/, example: '2025' },
};

/** Throws a sentence where the name is none of the kind. */
export function calendarPeriod(kind: PeriodKind, name: string): CalendarPeriod {
  const { form, example } = FORMS[kind];
  if (!form.test(name)) throw new Error(`found the ${kind} '${name.slice(0, 40)}', expected one as ${example}`);
  if (kind === 'year') return { kind, name, first: `${name}-01-01`, last: `${name}-12-31` };
  const [year, month] = name.split('-').map(Number);
  return { kind, name, first: `${name}-01`, last: dayOf(new Date(Date.UTC(year ?? 0, month ?? 0, 0))) };
}

/** The period of the same kind before. */
export function periodBefore({ kind, first }: CalendarPeriod): CalendarPeriod {
  return periodOf(kind, new Date(Date.parse(`${first}T00:00:00Z`) - 86_400_000));
}

/** The period of which the instant is a part, in UTC. */
export function periodOf(kind: PeriodKind, instant: Date): CalendarPeriod {
  return calendarPeriod(kind, dayOf(instant).slice(0, kind === 'year' ? 4 : 7));
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
