/** What a lake is used for in a month: the half of its price that no template can say. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const count = z.int().min(0).max(1e15);
const positive = z.number().positive().max(1e15);
const amount = z.number().min(0).max(1e12);
const share = z.number().min(0).max(1);

export const volumesSchema = z.strictObject({
  rowsPerDay: count,
  /** As they arrive: a line of CSV, or a row of JSON in the stream. */
  bytesPerRow: positive,
  /** Of the rows, how many come as a stream; the others come as files. */
  streamShare: share,
  /** Rows that the sender packs into one record; 1 where it packs none. */
  rowsPerRecord: z.int().min(1).max(10_000),
  streamHoursPerDay: z.number().min(0).max(24),
  filesPerDay: count,
  /** Months that the lake has been filled for: what is kept, and how often keys were rotated. */
  ageMonths: z.number().min(1).max(1200),
  /** Of the bytes that arrive, what is kept where. */
  sizes: z.strictObject({ backupShare: share, processedShare: share, curatedShare: share, rejectedShare: share }),
  curation: z.strictObject({ runsPerDay: amount, filesPerRun: count }),
  archives: z.strictObject({ gigabytesPerMonth: amount, filesPerMonth: count }),
  /** By a part of the job's name; `*` for those not named. Workers are those in use, where a job scales by itself. */
  jobs: z.record(
    z.string(),
    z.strictObject({ runsPerMonth: amount, minutesPerRun: amount, workers: z.number().min(1).max(1000) }),
  ),
  crawlerMinutes: amount,
  lambda: z.strictObject({ secondsPerCall: amount, secondsPerMiB: amount }),
  /** By a part of the workgroup's name. */
  queries: z.record(z.string(), z.strictObject({ perDay: amount, scannedMiB: amount, filesRead: count })),
  people: z.strictObject({
    editors: count,
    readers: count,
    proEditors: count,
    proReaders: count,
    spiceGB: amount,
    pixelPerfectReports: z.boolean(),
  }),
  learning: z.strictObject({
    trainings: amount,
    hoursPerTraining: amount,
    scorings: amount,
    hoursPerScoring: amount,
    instance: z.string().regex(/^ml\.[a-z0-9]+\.[a-z0-9]+$/),
    /** Hours a month that an endpoint is up, where one is synthesised. */
    endpointHours: z.number().min(0).max(744),
  }),
  logs: z.strictObject({ bytesPerCall: amount, mebibytesPerJobRun: amount }),
  customMetrics: count,
  alertEmails: count,
  /** Which free tiers are taken off: those for ever, also those of an account's first year, or none. */
  freeTier: z.enum(['always', 'first-year', 'none']),
});

export type Volumes = z.infer<typeof volumesSchema>;

/** Volumes of a lake like the one that the documentation shows; a file to copy and change. */
export const DEFAULT_VOLUMES = new URL('volumes.json', import.meta.url);

/** Throws one sentence that names the file, the key, the value and what is allowed. */
export function readVolumes(path: string | URL): Volumes {
  return parseVolumes(readJson(path), String(path));
}

export function parseVolumes(value: unknown, name: string): Volumes {
  const result = volumesSchema.safeParse(value);
  const issue = result.error?.issues[0];
  if (issue === undefined) return result.data as Volumes;
  throw new Error(`${name}: ${sentence(value, issue)}`);
}

export function readJson(path: string | URL): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${path} cannot be read, expected a JSON file of volumes such as proof/cost/volumes.json`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  object: 'a group of values',
  record: 'a group of values',
  boolean: 'true or false',
  string: 'a text',
};

function sentence(value: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].join('.');
    return `unknown key ${key}, expected those of proof/cost/volumes.json`;
  }
  const key = issue.path.join('.') || 'the whole file';
  const found = issue.path.reduce<unknown>((inner, part) => Object(inner)[part], value);
  return `${key} is ${JSON.stringify(found) ?? 'missing'}, ${allowed(issue)}`;
}

function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return `expected at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type') return `expected ${KINDS[issue.expected] ?? issue.expected}`;
  return issue.message.replace(/^Invalid/, 'invalid');
}
