/** The ledger as relations: `ledger`, one row per object taken in, and `ledger_reasons`, one per object and reason. */
import type { LakeType } from '../contract/plan.ts';
import { type JsonColumn, jsonView } from './json-relation.ts';
import type { LedgerEntry } from './ledger.ts';

/** An entry, and what the checks of a publication know of it. */
export interface ListedEntry extends LedgerEntry {
  readonly isPublished?: boolean;
}

type LedgerColumn = JsonColumn<keyof ListedEntry>;

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
  erased_rows: {
    field: 'erasedRows',
    type: count,
    description: 'Rows of persons that were erased since, in no other count; null where none were.',
  },
  is_published: {
    field: 'isPublished',
    type: { kind: 'boolean' },
    description: 'Whether curated tables hold its rows, as the checks of a publication see it; else null.',
  },
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

/** The two relations as views over `ledger_entries`, for engines that read the stored entries by themselves. */
export const LEDGER_VIEWS: Readonly<Record<string, string>> = {
  ledger: jsonView(LEDGER, LEDGER_ENTRIES),
  ledger_reasons: `select dataset, id, reasons.reason, reasons.rejected_rows\nfrom ${LEDGER_ENTRIES}\ncross join unnest(rejected_by_reason) as reasons (reason, rejected_rows)`,
};
