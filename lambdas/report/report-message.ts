/** What people are told of a report: where it is, and how much of what it shows. Of the data themselves, nothing. */
import { LANGUAGES, type Language } from '../../core/dashboards/types.ts';
import { ValueFormat } from '../../pages/format-value.ts';
import { reportTexts } from '../../pages/reports/report-texts.ts';
import type { Delivery } from './delivery.ts';

export interface ReportPlace {
  readonly region: string;
  readonly bucket: string;
}

/** A subject is ASCII and has at most 100 characters. */
const MOST_SUBJECT = 100;

/** Both languages one after the other, as alerts are. */
export function reportMessage(
  delivery: Delivery,
  place: ReportPlace,
): { readonly subject: string; readonly text: string } {
  const { title, period } = delivery.titles.en;
  const subject = `Laketwin: ${title} - ${period}`.replace(/[^\x20-\x7e]/g, '?').slice(0, MOST_SUBJECT);
  return { subject, text: LANGUAGES.map((language) => inLanguage(delivery, place, language)).join('\n\n') };
}

const TEXTS = {
  of: { en: 'of', fr: 'sur' },
  visuals: { en: 'Visuals', fr: 'Visuels' },
  page: { en: 'The report', fr: 'Le rapport' },
  files: { en: 'Excel and CSV', fr: 'Excel et CSV' },
  rights: {
    en: 'The links open for those who are signed in to the console of AWS and may read these reports.',
    fr: 'Les liens s’ouvrent pour qui est connecté à la console AWS et a le droit de lire ces rapports.',
  },
} as const;

function inLanguage(delivery: Delivery, place: ReportPlace, language: Language): string {
  const { folder, rows, of, visuals, lastIngested, titles } = delivery;
  const format = new ValueFormat(language, {});
  const known = reportTexts(language);
  const colon = language === 'fr' ? ' : ' : ': ';
  const line = (label: string, value: string) => `${label}${colon}${value}`;
  return [
    `${titles[language].title} – ${titles[language].period}`,
    line(known.rowsShown, `${format.value(rows, 'count')} ${TEXTS.of[language]} ${format.value(of, 'count')}`),
    line(TEXTS.visuals[language], String(visuals)),
    line(known.ingested, format.value(lastIngested, 'instant')),
    line(TEXTS.page[language], objectLink(place, `${folder}/${language}/report.html`)),
    line(TEXTS.files[language], folderLink(place, `${folder}/${language}/`)),
    TEXTS.rights[language],
  ].join('\n');
}

/** Links to the console, which asks for the reader's own rights; a presigned URL would be a right by itself. */
function objectLink({ region, bucket }: ReportPlace, key: string): string {
  return `${consoleOf(region)}/object/${bucket}?${new URLSearchParams({ region, prefix: key })}`;
}

function folderLink({ region, bucket }: ReportPlace, prefix: string): string {
  return `${consoleOf(region)}/buckets/${bucket}?${new URLSearchParams({ region, prefix })}`;
}

function consoleOf(region: string): string {
  return `https://${region}.console.aws.amazon.com/s3`;
}
