/** Makes a report in every language, lays it down whole, and only then tells of it. */
import { calendarPeriod, periodBefore, periodOf } from '../../core/dashboards/calendar-period.ts';
import { type ReportOrder, reportedDashboards, reportFolder, roleOf } from '../../core/dashboards/scheduled-reports.ts';
import { type DashboardSet, LANGUAGES } from '../../core/dashboards/types.ts';
import type { LakeState } from '../../pages/lake-state.ts';
import { readAddress } from '../../pages/page-address.ts';
import { gatherReport, type Report, type ReportAsk } from '../../pages/reports/gather-report.ts';
import { reportFiles } from '../../pages/reports/report-files.ts';
import { type Delivery, deliveryOf, RECORD, readDelivery } from './delivery.ts';
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
  const asks = asksOf(set, order, at);
  const folder = reportFolder(set.dataset, order.role, asks[0].period);
  const former = await readDelivery(bucket, folder);
  const { version } = await ports.openLake();
  if (former?.toldAt !== undefined && former.version === version) return { kind: 'known', folder };
  const reports = await gatherAll(set, asks, ports.openLake, at);
  const [first] = reports;
  if (first === undefined || first.facts.bookings === 0) return { kind: 'empty' };
  refuseFailures(reports);
  const recordKey = `${folder}/${RECORD}`;
  await bucket.remove(recordKey);
  const keys: string[] = [];
  for (const report of reports) {
    for (const file of await reportFiles(report)) {
      const key = `${folder}/${report.language}/${file.name}`;
      await bucket.put(key, file);
      keys.push(key);
    }
  }
  for (const key of await bucket.keysUnder(folder)) if (!keys.includes(key)) await bucket.remove(key);
  const delivery = deliveryOf(order, folder, reports, keys);
  const record = (of: Delivery) =>
    bucket.put(recordKey, { contentType: 'application/json', body: `${JSON.stringify(of, null, 2)}\n` });
  await record(delivery);
  await tell(delivery);
  await record({ ...delivery, toldAt: ports.now().toISOString() });
  return { kind: 'told', delivery };
}

type PeriodAsk = ReportAsk & { readonly period: NonNullable<ReportAsk['period']> };

/** One a language. Throws a sentence for an order that cannot be understood. */
function asksOf(set: DashboardSet, { role, kind, period: name }: ReportOrder, at: Date): [PeriodAsk, ...PeriodAsk[]] {
  if (Number.isNaN(at.getTime()))
    throw new Error('the order has an instant that is none, expected one as 2026-01-02T05:00:00Z');
  const dashboards = reportedDashboards(set);
  const dashboard = dashboards.find((one) => roleOf(one) === role);
  if (dashboard === undefined)
    throw new Error(`no report is sent to '${role}', expected one of ${dashboards.map(roleOf).join(', ')}`);
  const period = name === undefined ? periodBefore(periodOf(kind, at)) : calendarPeriod(kind, name);
  const asks = LANGUAGES.map((language): PeriodAsk => {
    const address = readAddress(set, new URL(`http://report/?lang=${language}`));
    return { dashboard, language, period, address };
  });
  return asks as [PeriodAsk, ...PeriodAsk[]];
}

/** All languages of one version of the table: what is published meanwhile would mix two states. */
async function gatherAll(
  set: DashboardSet,
  asks: readonly ReportAsk[],
  openLake: DeliverPorts['openLake'],
  at: Date,
): Promise<readonly Report[]> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const lake = await openLake();
    const reports: Report[] = [];
    for (const ask of asks) reports.push(await gatherReport(set, ask, lake, at));
    if ((await openLake()).version === lake.version) return reports;
  }
  throw new Error(`the table '${set.table}' was published anew ${TRIES} times while the report was being made`);
}

function refuseFailures(reports: readonly Report[]): void {
  const failures = reports.flatMap(({ sheets }) =>
    sheets
      .flatMap(({ visuals }) => visuals)
      .flatMap(({ visual, answer }) => ('error' in answer ? [`${visual.id}: ${answer.error}`] : [])),
  );
  if (failures.length > 0) throw new Error(`visuals that could not be computed: ${[...new Set(failures)].join('; ')}`);
}
