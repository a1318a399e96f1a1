/** The ledger as relations: `ledger`, one row per object taken in, and `ledger_reasons`, one per object and reason. */
import type { LakeKind, LakeType } from '../contract/plan.ts';
import type { LedgerEntry } from './ledger.ts';

interface LedgerColumn {
  /** Where an entry has it. */
  readonly field: keyof LedgerEntry;
  readonly type: LakeType;
  readonly description: string;
}

const text: LakeType = { kind: 'string' };
const count: LakeType = { kind: 'int64' };

/** Columns of `ledger`, in their order. */
export const LEDGER: Readonly<Record<string, LedgerColumn>> = {
  dataset: { field: 'dataset', type: text, description: 'Dataset that took the object in.' },
  id: { field: 'id', type: text, description: 'SHA-256 of the object.' },
  name: { field: 'name', type: text, description: 'Name of the object where it came from.' },
  source: { field: 'source', type: text, description: 'How it came: batch or stream.' },
  format: { field: 'format', type: text, description: 'How its bytes were read.' },
  size_bytes: { field: 'sizeBytes', type: count, description: 'Bytes of the object as received.' },
  received_at: { field: 'receivedAt', type: { kind: 'timestamp' }, description: 'When it was received, in UTC.' },
  ingest_date: { field: 'ingestDate', type: { kind: 'date' }, description: 'Day of received_at.' },
  rows_in: { field: 'rowsIn', type: count, description: 'Rows of the object: accepted + rejected + duplicates.' },
  accepted: { field: 'accepted', type: count, description: 'Rows that keep the contract, one a key.' },
  rejected: { field: 'rejected', type: count, description: 'Rows that were refused.' },
  duplicates: { field: 'duplicates', type: count, description: 'Rows whose key came earlier in the object.' },
};

/** Columns of `ledger_reasons`, in their order. */
export const LEDGER_REASONS: Readonly<Record<string, LakeType>> = {
  dataset: text,
  id: text,
  reason: text,
  rejected_rows: count,
};

/** Table over the entries as they are stored: one JSON document a line. */
export const LEDGER_ENTRIES = 'ledger_entries';

/** Of what JSON has no type for. */
const FROM_TEXT: Partial<Record<LakeKind, (name: string) => string>> = {
  timestamp: (name) => `cast(from_iso8601_timestamp(${name}) as timestamp(3)) as ${name}`,
  date: (name) => `cast(${name} as date) as ${name}`,
};

/** The two relations as views over `ledger_entries`, for engines that read the stored entries by themselves. */
export const LEDGER_VIEWS: Readonly<Record<string, string>> = {
  ledger: `select\n${Object.entries(LEDGER)
    .map(([name, { type }]) => `  ${FROM_TEXT[type.kind]?.(name) ?? name}`)
    .join(',\n')}\nfrom ${LEDGER_ENTRIES}`,
  ledger_reasons: `select dataset, id, reasons.reason, reasons.rejected_rows\nfrom ${LEDGER_ENTRIES}\ncross join unnest(rejected_by_reason) as reasons (reason, rejected_rows)`,
};
