/** Who may read what of a dataset, what is done to it at ingestion, and how long it is kept. */
import { rejectionsPlan } from '../lake/rejections.ts';
import { type DatasetPlan, type Origin, type Privacy, storedColumns } from './plan.ts';

/** Who reads the lake. Engineers run it; the others ask it questions. */
export const ROLES = ['engineer', 'analyst', 'marketing', 'direction'] as const;
export type Role = (typeof ROLES)[number];

export interface ColumnPrivacy {
  readonly column: string;
  readonly privacy: Privacy;
  /** Roles that may read the stored value; nobody for a column that is not stored. */
  readonly readers: readonly Role[];
  /** What happens to the source value before anything is stored in processed/. */
  readonly atIngestion: string;
  /** Days that the stored value is kept in processed/; 0 for a column that is not stored. */
  readonly keptDays: number;
}

export interface PrivacyPlan {
  readonly dataset: string;
  /** True where any column is of another class than `none`. */
  readonly holdsPersonalData: boolean;
  /** Days that the file as it came, with its raw values, is kept; only engineers may read it. */
  readonly rawDays: number;
  readonly rawReaders: readonly Role[];
  /** Days that a rejected row with its raw bytes is kept; only engineers may read it. */
  readonly rejectedDays: number;
  /** Days that a processed row is kept. */
  readonly processedDays: number;
  readonly columns: readonly ColumnPrivacy[];
}

/** Raw and rejected bytes may hold anything, so they are for those who repair. */
const RAW_READERS: readonly Role[] = ['engineer'];

const READERS: Record<Privacy, readonly Role[]> = {
  none: ROLES,
  pseudonym: ['engineer', 'analyst'],
  drop: [],
  sensitive: ['engineer'],
};

const AT_INGESTION: Record<Privacy, string> = {
  none: 'stored as it is',
  pseudonym: 'replaced by a keyed HMAC of 22 characters; the source value is in no stored row',
  drop: 'left out; never stored',
  sensitive: 'stored as it is, hidden from most roles',
};

const SET_BY_LAKE = 'set by Laketwin';

/** The privacy of every column of the contract, dropped ones included, in the order of the contract. */
export function privacyPlan(plan: DatasetPlan): PrivacyPlan {
  const { name, retention, columns } = plan;
  return {
    dataset: name,
    holdsPersonalData: columns.some(({ privacy }) => privacy !== 'none'),
    rawDays: retention.rawDays,
    rawReaders: RAW_READERS,
    rejectedDays: rejectionsPlan.retention.processedDays,
    processedDays: retention.processedDays,
    columns: columns.map((column) => ({
      column: column.name,
      privacy: column.privacy,
      readers: READERS[column.privacy],
      atIngestion: atIngestion(column.privacy, column.origin),
      keptDays: column.privacy === 'drop' ? 0 : retention.processedDays,
    })),
  };
}

/** Names of the stored columns that the role may not read, in storage order. */
export function maskedColumns(plan: DatasetPlan, role: Role): string[] {
  return storedColumns(plan)
    .filter(({ privacy }) => !READERS[privacy].includes(role))
    .map(({ name }) => name);
}

function atIngestion(privacy: Privacy, origin: Origin): string {
  return origin === 'lake' ? SET_BY_LAKE : AT_INGESTION[privacy];
}
