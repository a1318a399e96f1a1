/**
 * The contract of a rejected row, the same for every dataset. Written as a plan and not through zod, because the
 * Lambdas that write rejected rows carry no zod.
 */
import type { Column, DatasetPlan, LakeType } from '../contract/plan.ts';

/** A source row that was refused: what came, from where, and why. */
export interface Rejection {
  readonly dataset: string;
  readonly source: 'batch' | 'stream';
  /** SHA-256 (hex) of the object the row came in; null where the row came alone. */
  readonly source_checksum: string | null;
  /** Name of the file, or of the stream. */
  readonly source_name: string;
  /** Line of the file, from 1. */
  readonly source_line: bigint | null;
  /** `column:rule`, or `row:rule` for the row as a whole. */
  readonly reason: string;
  readonly column_name: string | null;
  readonly message: string;
  /** The row as it came, perhaps cut. */
  readonly raw: string;
  readonly raw_encoding: 'text' | 'base64';
  /** Length of the whole row in bytes, also where `raw` is cut. */
  readonly raw_bytes: bigint;
  /** ISO, UTC. */
  readonly ingested_at: string;
}

export const rejectionsPlan: DatasetPlan = {
  name: 'rejections',
  description: 'One row per source row that was refused, with its bytes and the first reason.',
  key: ['source_checksum', 'source_line'],
  partitionBy: 'ingest_date',
  columns: [
    column('dataset', { kind: 'string' }, 'Dataset that refused the row.'),
    column(
      'source',
      { kind: 'enum', values: ['batch', 'stream'] },
      'How the row came: in a file or through the stream.',
    ),
    nullable(column('source_checksum', { kind: 'string' }, 'SHA-256 of the object the row came in.')),
    column('source_name', { kind: 'string' }, 'Name of the file, or of the stream.'),
    nullable(column('source_line', { kind: 'int64' }, 'Line of the file, from 1.')),
    column('reason', { kind: 'string' }, 'column:rule, or row:rule for the row as a whole.'),
    nullable(column('column_name', { kind: 'string' }, 'Column at fault; null for the row as a whole.')),
    column('message', { kind: 'string' }, 'What was found and what would be right.'),
    { ...column('raw', { kind: 'string' }, 'The row as it came, perhaps cut: see raw_bytes.'), privacy: 'sensitive' },
    column('raw_encoding', { kind: 'enum', values: ['text', 'base64'] }, 'How raw is written.'),
    { ...column('raw_bytes', { kind: 'int64' }, 'Length of the whole row.'), unit: 'bytes' },
    column('ingested_at', { kind: 'timestamp' }, 'When Laketwin received the row.'),
  ],
  newestBy: ['ingested_at'],
  retention: { rawDays: 90, processedDays: 90 },
  clean: [],
  maxRejectedShare: 1,
};

function column(name: string, type: LakeType, description: string): Column {
  return { name, type, nullable: false, description, privacy: 'none', origin: 'lake' };
}

function nullable(it: Column): Column {
  return { ...it, nullable: true };
}
