/** A frame as files: Parquet for the training script, CSV as SageMaker's built-in XGBoost takes it. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Frame } from './frame.ts';

/** Whole numbers that stand beside the features of each row. */
export type Marks = Readonly<Record<string, Int32Array>>;

/** Columns: the marks as 32-bit integers, then the features as 32-bit floats. */
export function frameParquet({ names, rows, data }: Frame, marks: Marks): Uint8Array {
  const writer = new ByteWriter();
  const schema = [
    { name: 'root', num_children: Object.keys(marks).length + names.length },
    ...Object.keys(marks).map((name) => ({ name, type: 'INT32' as const, repetition_type: 'REQUIRED' as const })),
    ...names.map((name) => ({ name, type: 'FLOAT' as const, repetition_type: 'REQUIRED' as const })),
  ];
  const file = new ParquetWriter({ writer, schema, createdBy: 'laketwin', codec: 'SNAPPY' });
  const features = names.map((name, place) => ({ name, data: column(data, rows, names.length, place) }));
  const whole = Object.entries(marks).map(([name, values]) => ({ name, data: values }));
  const columnData = [...whole, ...features].map((it) => ({ ...it, statistics: false, encoding: 'PLAIN' as const }));
  file.write({ columnData, rowGroupSize: rows });
  file.finish();
  return writer.getBytes();
}

/** No header, the label first: https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost.html. */
export function frameCsv({ names, rows, data }: Frame, labels: Int32Array): string {
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const values = Array.from(data.subarray(row * names.length, (row + 1) * names.length), (it) =>
      Number.isNaN(it) ? '' : String(it),
    );
    lines.push([labels[row], ...values].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function column(data: Float32Array, rows: number, width: number, place: number): Float32Array {
  const values = new Float32Array(rows);
  for (let row = 0; row < rows; row++) values[row] = data[row * width + place] ?? Number.NaN;
  return values;
}
