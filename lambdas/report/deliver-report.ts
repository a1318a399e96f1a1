/** Makes a report in every language, lays it down whole, and only then tells of it. */
import {
  type CalendarPeriod,
  calendarPeriod,
  PERIOD_KINDS,
  periodBefore,
  periodOf,
} from '../../core/dashboards/calendar-period.ts';
import { type ReportOrder, reportedDashboards, reportFolder, roleOf } from '../../core/dashboards/scheduled-reports.ts';
import { type Dashboard, type DashboardSet, LANGUAGES } from '../../core/dashboards/types.ts';
import type { LakeState } from '../../pages/lake-state.ts';
import { readAddress } from '../../pages/page-address.ts';
import { gatherReport, type Report } from '../../pages/reports/gather-report.ts';
import { reportFiles } from '../../pages/reports/report-files.ts';
import { type Delivery, deliveryOf, putDelivery, RECORD, readDelivery } from './delivery.ts';
import type { ReportBucket } from './report-bucket.ts';

export interface DeliverPorts {
  /** The lake, in the version of its table that counts at this moment. */
  readonly openLake: () => Promise<LakeState>;
  readonly bucket: ReportBucket;
  /** Tells those who wait for the report. */
  readonly tell: (delivery: Delivery) => Promise<void>;
  readonly now: () => Date;
}

export type Delivered =
  | { readonly kind: 'told'; readonly delivery: Delivery }
  /** It was told of before, and the table is as it was then. */
  | { readonly kind: 'known'; readonly folder: string }
  /** There is no booking in the lake yet. */
  | { readonly kind: 'empty' };

/** Times that a report is begun anew because the table changed while it was asked. */
const TRIES = 3;

/**
 * A period has one folder: made again, its files are replaced, and what is no longer part of it goes. Its record is
 * removed first and put last, so that a folder with a record is whole. Throws, and tells nobody, where a visual could
 * not be computed or a file not be put.
 */
export async function deliverReport(set: DashboardSet, order: ReportOrder, ports: DeliverPorts): Promise<Delivered> {
  const { bucket, tell } = ports;
  const at = order.at === undefined ? ports.now() : new Date(order.at);
  const subject = subjectOf(set, order, at);
  const folder = reportFolder(set.dataset, order.role, subject.period);
  const former = await readDelivery(bucket, folder);
  const { version } = await ports.openLake();
  if (former?.toldAt !== undefined && former.version === version) return { kind: 'known', folder };
  const reports = await gatherAll(set, subject, ports.openLake, at);
  const [first] = reports;
  if (first === undefined || first.facts.bookings === 0) return { kind: 'empty' };
  refuseFailures(reports);
  await bucket.remove(`${folder}/${RECORD}`);
  const delivery = deliveryOf(order, folder, reports, await layDown(bucket, folder, reports));
  await putDelivery(bucket, delivery);
  await tell(delivery);
  await putDelivery(bucket, { ...delivery, toldAt: ports.now().toISOString() });
  return { kind: 'told', delivery };
}

interface Subject {
  readonly dashboard: Dashboard;
  readonly period: CalendarPeriod;
}

/** Throws a sentence for an order that cannot be understood. */
function subjectOf(set: DashboardSet, { role, kind, period: name }: ReportOrder, at: Date): Subject {
  if (Number.isNaN(at.getTime()))
    throw new Error('the order has an instant that is none, expected one as 2026-01-02T05:00:00Z');
  if (!PERIOD_KINDS.includes(kind))
    throw new Error(`the order is of the kind '${kind}', expected one of ${PERIOD_KINDS.join(', ')}`);
  const dashboards = reportedDashboards(set);
  const dashboard = dashboards.find((one) => roleOf(one) === role);
  if (dashboard === undefined)
    throw new Error(`no report is sent to '${role}', expected one of ${dashboards.map(roleOf).join(', ')}`);
  return { dashboard, period: name === undefined ? periodBefore(periodOf(kind, at)) : calendarPeriod(kind, name) };
}

/** All languages of one version of the table: what is published meanwhile would mix two states. */
async function gatherAll(
  set: DashboardSet,
  subject: Subject,
  openLake: DeliverPorts['openLake'],
  at: Date,
): Promise<readonly Report[]> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const lake = await openLake();
    const reports: Report[] = [];
    for (const language of LANGUAGES) {
      const address = readAddress(set, new URL(`http://report/?lang=${language}`));
      reports.push(await gatherReport(set, { ...subject, language, address }, lake, at));
    }
    if ((await openLake()).version === lake.version) return reports;
  }
  throw new Error(`the table '${set.table}' was published anew ${TRIES} times while the report was being made`);
}

/** Puts the files of all languages, and removes what is no longer one of them. */
async function layDown(bucket: ReportBucket, folder: string, reports: readonly Report[]): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const report of reports) {
    for (const file of await reportFiles(report)) {
      const key = `${folder}/${report.language}/${file.name}`;
      await bucket.put(key, file);
      keys.push(key);
    }
  }
  for (const key of await bucket.keysUnder(folder)) if (!keys.includes(key)) await bucket.remove(key);
  return keys;
}

function refuseFailures(reports: readonly Report[]): void {
  const failures = reports.flatMap(({ sheets }) =>
    sheets
      .flatMap(({ visuals }) => visuals)
      .flatMap(({ visual, answer }) => ('error' in answer ? [`${visual.id}: ${answer.error}`] : [])),
  );
  if (failures.length > 0) throw new Error(`visuals that could not be computed: ${[...new Set(failures)].join('; ')}`);
}
