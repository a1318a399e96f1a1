import { writeFile } from 'node:fs/promises';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { RiskBand } from '../../core/model/risk-band.ts';
import { UsageError } from '../exit-status.ts';
import { openTextOutput } from '../text-output.ts';

export interface ScoredRow {
  /** Line of the file, from 1, the header included. */
  readonly line: bigint | null;
  readonly key: string;
  /** One for each target. */
  readonly probabilities: readonly number[];
  readonly riskBand: RiskBand;
  readonly version: string;
  readonly flags: readonly string[];
}

export interface ScoreWriter {
  add(rows: readonly ScoredRow[]): Promise<void>;
  end(): Promise<void>;
}

interface OutColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INT64' | 'DOUBLE';
  of(row: ScoredRow): string | bigint | number | null;
}

/** Writes to `path` in the format that the name `out` asks for. */
export function openScoreWriter(path: string, out: string, key: string, targets: readonly string[]): ScoreWriter {
  const columns = columnsOf(key, targets);
  if (out.endsWith('.csv')) return csvWriter(path, columns);
  if (out.endsWith('.parquet')) return parquetWriter(path, columns);
  throw new UsageError(`found --out ${out}, expected a name that ends in .csv or .parquet`);
}

/** `booking_complete` gives `completion_probability`, another target its own name. */
function columnsOf(key: string, targets: readonly string[]): OutColumn[] {
  return [
    { name: 'source_line', type: 'INT64', of: ({ line }) => line },
    { name: key, type: 'STRING', of: (row) => row.key },
    ...targets.map((target, place): OutColumn => {
      const name = place === 0 ? 'completion_probability' : `${target}_probability`;
      return { name, type: 'DOUBLE', of: ({ probabilities }) => probabilities[place] ?? null };
    }),
    { name: 'risk_band', type: 'STRING', of: (row) => row.riskBand },
    { name: 'model_version', type: 'STRING', of: ({ version }) => version },
    { name: 'flags', type: 'STRING', of: ({ flags }) => flags.join(';') },
  ];
}

function csvWriter(path: string, columns: readonly OutColumn[]): ScoreWriter {
  const output = openTextOutput(path);
  const head = output.write(`${columns.map(({ name }) => name).join(',')}\n`);
  return {
    add: async (rows) => {
      await head;
      const lines = rows.map((row) => columns.map((column) => csvCell(column.of(row))).join(','));
      await output.write(`${lines.join('\n')}\n`);
    },
    end: async () => {
      await head;
      await output.end();
    },
  };
}

function csvCell(value: string | bigint | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function parquetWriter(path: string, columns: readonly OutColumn[]): ScoreWriter {
  const writer = new ByteWriter();
  const schema = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) => ({
      name,
      repetition_type: 'OPTIONAL' as const,
      ...(type === 'STRING' ? { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const } : { type }),
    })),
  ];
  const file = new ParquetWriter({ writer, schema, createdBy: 'laketwin' });
  return {
    add: async (rows) => {
      const columnData = columns.map(({ name, of }) => ({ name, data: rows.map(of) }));
      file.write({ columnData, rowGroupSize: rows.length });
    },
    end: async () => {
      file.finish();
      await writeFile(path, writer.getBytes());
    },
  };
}
