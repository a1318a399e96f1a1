import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';

/** A column of a view. */
export interface ViewColumn {
  readonly name: string;
  /** Type in Athena's words: `varchar`, `timestamp(3)`. */
  readonly athenaType: string;
  /** The same in Hive's, which Glue takes: `string`, `timestamp`. */
  readonly hiveType: string;
}

export interface LakeViewProps {
  readonly database: string;
  readonly name: string;
  readonly description: string;
  /** What `create view` would have after `as`; relations without a database are those of `database`. */
  readonly sql: string;
  readonly columns: readonly ViewColumn[];
}

/**
 * A view of Athena, deployed as the catalog entry that `create view` leaves behind: no function and no query is needed
 * to make it, and a change of it is a change of a resource.
 *
 * The form, a comment that holds the definition in base64, is that of Trino's Hive connector, `ViewReaderUtil`.
 */
export class LakeView extends CfnTable {
  constructor(scope: Construct, id: string, { database, name, description, sql, columns }: LakeViewProps) {
    const definition = {
      originalSql: sql,
      catalog: 'awsdatacatalog',
      schema: database,
      columns: columns.map((column) => ({ name: column.name, type: column.athenaType })),
    };
    super(scope, id, {
      catalogId: Stack.of(scope).account,
      databaseName: database,
      tableInput: {
        name,
        description,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
        viewExpandedText: '/* Presto View */',
        partitionKeys: [],
        storageDescriptor: {
          columns: columns.map((column) => ({ name: column.name, type: column.hiveType })),
          serdeInfo: {},
        },
      },
    });
  }
}
