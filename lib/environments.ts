/** The environments of the lake as typed values. Nothing else says what differs between dev, staging and prod. */
import * as z from 'zod';
import { LANGUAGES, type Language, READERS, type Reader } from '../core/dashboards/types.ts';

const days = z.int().min(1).max(3650);

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const group = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

const schema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]{1,15}$/),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  region: z.string().regex(REGION),
  alertEmail: z.email(),
  deletionProtection: z.boolean(),
  budgetUSD: z.number().min(1).max(1_000_000).optional(),
  scanLimitMiB: z.int().min(10).max(7_000_000),
  dailyScanAlarmGiB: z.int().min(1).max(1_000_000),
  retention: z.strictObject({
    oldVersionDays: days,
    logDays: z.literal([7, 14, 30, 90, 180, 365, 731]),
    queryResultDays: days,
    accessLogDays: days,
    auditDays: days,
  }),
  streaming: z.boolean(),
  streamScoring: z.boolean().optional(),
  webhook: z.boolean().optional(),
  endpoint: z.strictObject({ idleHours: z.int().min(1).max(168) }).optional(),
  reports: z
    .strictObject({ keptDays: days, receivers: z.strictObject({ marketing: z.email(), direction: z.email() }) })
    .optional(),
  dashboards: z
    .strictObject({
      identityRegion: z.string().regex(REGION),
      groups: z.strictObject({ analysts: group, marketing: group, direction: group }),
      language: z.literal(LANGUAGES),
      rows: z.partialRecord(z.literal(READERS), z.record(z.string(), z.array(z.string().min(1)).min(1))).optional(),
    })
    .optional(),
});

type LogDays = 7 | 14 | 30 | 90 | 180 | 365 | 731;

/** What one deployment of the lake is given. */
export interface Environment {
  /** Part of the names that AWS does not make up: lower case, 2 to 16 characters. */
  readonly name: string;
  /**
   * Account of 12 digits.
   *
   * @default - the account of whoever deploys
   */
  readonly account?: string | undefined;
  readonly region: string;
  /** Told of alarms and of the budget. */
  readonly alertEmail: string;
  /** Whether buckets, keys and queues outlive their stack and the stacks refuse to be deleted. */
  readonly deletionProtection: boolean;
  /**
   * Monthly cost in US dollars, above which an e-mail is sent.
   *
   * @default - no budget, which prod may not have
   */
  readonly budgetUSD?: number | undefined;
  /** Mebibytes that one Athena query may scan before it is stopped; AWS takes no less than 10. */
  readonly scanLimitMiB: number;
  /** Gibibytes scanned in a day by one workgroup, above which an alarm is raised. */
  readonly dailyScanAlarmGiB: number;
  /** Days that the things beside the data are kept; the data's own days stand in its contract. */
  readonly retention: {
    readonly oldVersionDays: number;
    /** Logs of functions; one of the lengths that CloudWatch knows. */
    readonly logDays: LogDays;
    readonly queryResultDays: number;
    readonly accessLogDays: number;
    readonly auditDays: number;
  };
  /** Whether records are taken in as a stream, and not files alone. */
  readonly streaming: boolean;
  /**
   * Whether the rows of a stream are scored on their way in, where their dataset has a model.
   *
   * @default - they are scored each day, once they are curated
   */
  readonly streamScoring?: boolean | undefined;
  /**
   * Whether alerts are sent to a webhook of Slack or Teams as well; its address is a parameter, see docs/deploy.md.
   *
   * @default - no
   */
  readonly webhook?: boolean | undefined;
  /**
   * An endpoint of SageMaker that scores single bookings, paid by the hour; gone after so many hours without a call.
   *
   * @default - none: the stream and the batch score without one
   */
  readonly endpoint?: { readonly idleHours: number } | undefined;
  /**
   * Reports of each month and year, made on the second of the month after.
   *
   * @default - none
   */
  readonly reports?: ReportDelivery | undefined;
  /**
   * Dashboards in QuickSight, a paid subscription of the account: a fee for each person and month.
   *
   * @default - none
   */
  readonly dashboards?: Dashboards | undefined;
}

/** How reports are sent. */
export interface ReportDelivery {
  /** Days after which a report is removed. */
  readonly keptDays: number;
  /** Address by role that receives reports, told of each; others subscribe to the role's topic, see docs/deploy.md. */
  readonly receivers: Readonly<Record<Exclude<Reader, 'analysts'>, string>>;
}

/** Who sees the dashboards. */
export interface Dashboards {
  /** Region in which the account's QuickSight keeps its users and groups. */
  readonly identityRegion: string;
  /** Names of groups of QuickSight, made by hand. */
  readonly groups: Readonly<Record<Reader, string>>;
  /** What titles, labels and codes are written in. */
  readonly language: Language;
  /**
   * Values that a group is confined to, by column of text of a contract: `{ marketing: { booking_origin: ['France'] } }`.
   * Data sets without the column show it no row.
   *
   * @default - every group sees all rows of its dashboards
   */
  readonly rows?: Partial<Readonly<Record<Reader, Readonly<Record<string, readonly string[]>>>>> | undefined;
}

const ALLOWED: Readonly<Record<string, string>> = {
  name: 'a lower-case word of 2 to 16 letters and digits',
  account: '12 digits, or nothing at all',
  region: "the name of a region, such as 'eu-west-3'",
  alertEmail: 'an e-mail address',
  deletionProtection: 'true or false',
  budgetUSD: 'a number of US dollars from 1 to 1000000',
  scanLimitMiB: 'a whole number of mebibytes from 10 to 7000000',
  dailyScanAlarmGiB: 'a whole number of gibibytes from 1 to 1000000',
  'retention.oldVersionDays': 'a whole number of days from 1 to 3650',
  'retention.logDays': 'one of 7, 14, 30, 90, 180, 365, 731 days',
  'retention.queryResultDays': 'a whole number of days from 1 to 3650',
  'retention.accessLogDays': 'a whole number of days from 1 to 3650',
  'retention.auditDays': 'a whole number of days from 1 to 3650',
  streaming: 'true or false',
  streamScoring: 'true or false',
  webhook: 'true or false',
  'endpoint.idleHours': 'a whole number of hours from 1 to 168',
  'reports.keptDays': 'a whole number of days from 1 to 3650',
  'reports.receivers.marketing': 'an e-mail address',
  'reports.receivers.direction': 'an e-mail address',
  'dashboards.identityRegion': "the name of a region, such as 'eu-west-1'",
  'dashboards.groups.analysts': 'the name of a group of QuickSight',
  'dashboards.groups.marketing': 'the name of a group of QuickSight',
  'dashboards.groups.direction': 'the name of a group of QuickSight',
  'dashboards.language': "'en' or 'fr'",
  'dashboards.rows': 'columns and values by group',
};

/** Throws one sentence that names the key, the value and what is allowed. */
export function environment(values: Environment): Environment {
  const result = schema.safeParse(values);
  const issue = result.error?.issues[0];
  if (issue !== undefined) throw new Error(sentence(values, issue));
  if (values.name === 'prod') refuseUnguarded(values);
  return values;
}

function sentence(values: Environment, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].join('.');
    return `environment '${values.name}': unknown key ${key}, expected one of ${Object.keys(ALLOWED).join(', ')}`;
  }
  const key = issue.path.join('.');
  const found = issue.path.reduce<unknown>((value, part) => Object(value)[part], values);
  const allowed = ALLOWED[key] ?? 'a group of values';
  return `environment '${values.name}': ${key} is ${JSON.stringify(found) ?? 'missing'}, expected ${allowed}`;
}

function refuseUnguarded({ name, deletionProtection, budgetUSD }: Environment) {
  if (!deletionProtection) {
    throw new Error(`environment '${name}': deletionProtection is false, expected true, for prod is never unguarded`);
  }
  if (budgetUSD === undefined) {
    throw new Error(`environment '${name}': budgetUSD is missing, expected ${ALLOWED.budgetUSD}, for prod is guarded`);
  }
}

export const dev = environment({
  name: 'dev',
  region: 'eu-west-3',
  alertEmail: 'lake-dev@example.com',
  deletionProtection: false,
  budgetUSD: 80,
  scanLimitMiB: 1024,
  dailyScanAlarmGiB: 20,
  retention: { oldVersionDays: 1, logDays: 365, queryResultDays: 7, accessLogDays: 30, auditDays: 90 },
  streaming: false,
});

export const staging = environment({
  name: 'staging',
  region: 'eu-west-3',
  alertEmail: 'lake-staging@example.com',
  deletionProtection: false,
  budgetUSD: 100,
  scanLimitMiB: 10_240,
  dailyScanAlarmGiB: 100,
  retention: { oldVersionDays: 1, logDays: 365, queryResultDays: 14, accessLogDays: 90, auditDays: 365 },
  streaming: true,
});

export const prod = environment({
  name: 'prod',
  region: 'eu-west-3',
  alertEmail: 'lake@example.com',
  deletionProtection: true,
  budgetUSD: 200,
  scanLimitMiB: 102_400,
  dailyScanAlarmGiB: 1000,
  retention: { oldVersionDays: 1, logDays: 365, queryResultDays: 30, accessLogDays: 365, auditDays: 730 },
  streaming: true,
  // The same month of the year before can still be opened.
  reports: {
    keptDays: 400,
    receivers: { marketing: 'marketing@example.com', direction: 'direction@example.com' },
  },
});

export const environments: readonly Environment[] = [dev, staging, prod];

/**
 * Everything that can be asked for, to be proven with the rest and never deployed: what is off elsewhere, because it
 * costs, is on here.
 */
export const whole = environment({
  ...prod,
  name: 'whole',
  streamScoring: true,
  webhook: true,
  endpoint: { idleHours: 2 },
  dashboards: {
    identityRegion: 'eu-west-1',
    groups: { analysts: 'lake-analysts', marketing: 'lake-marketing', direction: 'lake-direction' },
    language: 'fr',
    rows: { marketing: { sales_channel: ['Internet', 'Mobile'] } },
  },
});

/** What tests and checks look at. */
export const proven: readonly Environment[] = [...environments, whole];
