import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import type { GlueColumn } from '../../core/contract/glue-columns.ts';

/** How the rows of a table are found and read. */
export interface TableFormat {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serializationLibrary: string;
}

const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';

export const FORMATS = {
  /** Every Parquet file under the location. */
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serializationLibrary: PARQUET_SERDE,
  },
  /** The Parquet files that the text file under the location names, one address a line. */
  listed: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
    outputFormat: TEXT_OUTPUT,
    serializationLibrary: PARQUET_SERDE,
  },
  /** One JSON document a line. */
  json: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: TEXT_OUTPUT,
    serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
  },
} as const satisfies Readonly<Record<string, TableFormat>>;

export interface LakeTableProps {
  readonly database: string;
  readonly name: string;
  readonly description: string;
  readonly format: keyof typeof FORMATS;
  /** Folder, as in `s3://bucket/bookings/`. */
  readonly location: string;
  readonly columns: readonly GlueColumn[];
  /**
   * Columns that are in the path.
   *
   * @default - none
   */
  readonly partitionKeys?: readonly GlueColumn[];
  /**
   * @default - what an outer table needs
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * @default - none
   */
  readonly serdeParameters?: Readonly<Record<string, string>>;
}

/** A table over files of the lake, whose columns are known before. */
export class LakeTable extends CfnTable {
  constructor(scope: Construct, id: string, props: LakeTableProps) {
    const { serializationLibrary, ...formats } = FORMATS[props.format];
    super(scope, id, {
      catalogId: Stack.of(scope).account,
      databaseName: props.database,
      tableInput: {
        name: props.name,
        description: props.description,
        tableType: 'EXTERNAL_TABLE',
        parameters: props.parameters ?? { EXTERNAL: 'TRUE' },
        partitionKeys: [...(props.partitionKeys ?? [])],
        storageDescriptor: {
          ...formats,
          location: props.location,
          columns: [...props.columns],
          compressed: props.format !== 'json',
          serdeInfo: { serializationLibrary, parameters: props.serdeParameters ?? { 'serialization.format': '1' } },
        },
      },
    });
  }
}
