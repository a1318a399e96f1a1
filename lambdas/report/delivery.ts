import type { ReportOrder } from '../../core/dashboards/scheduled-reports.ts';
import type { Language } from '../../core/dashboards/types.ts';
import { periodName } from '../../pages/reports/about-report.ts';
import type { Report } from '../../pages/reports/gather-report.ts';
import type { ReportBucket } from './report-bucket.ts';

/** The object that makes a folder of a report count. */
export const RECORD = 'report.json';

/** What is told of a report, and kept beside it; nothing else of the data leaves the bucket. */
export interface Delivery {
  readonly dataset: string;
  readonly role: string;
  readonly folder: string;
  /** As `2026-01` or `2025`. */
  readonly period: string;
  /** Version of the table behind it. */
  readonly version: number | undefined;
  /** Instants, in UTC. */
  readonly madeAt: string;
  readonly lastIngested: string | null;
  /** Bookings of the period, and in the lake. */
  readonly rows: number;
  readonly of: number;
  readonly visuals: number;
  readonly titles: Readonly<Record<Language, { readonly title: string; readonly period: string }>>;
  readonly keys: readonly string[];
  /** When the topic was told; not there where it was not. */
  readonly toldAt?: string;
}

export function deliveryOf(
  { dataset, role }: ReportOrder,
  folder: string,
  reports: readonly Report[],
  keys: readonly string[],
): Delivery {
  const [first] = reports;
  if (first?.period === undefined) throw new Error('there is no report to tell of, or it has no period');
  const { facts, version, now, sheets, period } = first;
  const titles = reports.map(({ language, dashboard }) => [
    language,
    { title: dashboard.title[language], period: periodName(period, language) },
  ]);
  return {
    dataset,
    role,
    folder,
    period: period.name,
    version,
    madeAt: now.toISOString(),
    lastIngested: facts.lastIngested,
    rows: facts.chosen,
    of: facts.bookings,
    visuals: sheets.reduce((sum, { visuals }) => sum + visuals.length, 0),
    titles: Object.fromEntries(titles),
    keys,
  };
}

/** What was laid down under the folder last; undefined where nothing whole is there. */
export async function readDelivery(bucket: ReportBucket, folder: string): Promise<Delivery | undefined> {
  const key = `${folder}/${RECORD}`;
  // Asked of the list: S3 refuses instead of missing where the rest of the bucket may not be listed.
  if (!(await bucket.keysUnder(folder)).includes(key)) return undefined;
  const text = await bucket.read(key);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${key} is not JSON: someone changed it by hand; remove it, and the report is made anew`);
  }
}

export function putDelivery(bucket: ReportBucket, delivery: Delivery): Promise<void> {
  const body = `${JSON.stringify(delivery, null, 2)}\n`;
  return bucket.put(`${delivery.folder}/${RECORD}`, { contentType: 'application/json', body });
}
