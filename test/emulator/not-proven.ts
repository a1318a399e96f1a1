/** What AWS does and the emulator does not, so that a green run is not taken for more than it is. */
export const NOT_PROVEN: readonly string[] = [
  'rights: the emulator lets everyone do everything, so no role, bucket policy or key policy is tried',
  'Firehose: buffering by time and size, its raw backup, GZIP, retries, and records that its function fails on',
  'Athena: SQL is run by DuckDB and not by Trino, partition projection is not followed, and views are not made',
  'Glue: no job and no crawler runs, and no data quality rule is evaluated',
  'Step Functions: tasks that wait for a Glue job, a query or a training are not run',
  'SageMaker and QuickSight: nothing behind a name',
  'alarms, budgets and the audit trail: they are made, and neither watch nor deliver',
  'lifecycle rules: they are set, and nothing expires',
  'limits of Lambda: memory, time and the size of a deployment package are not enforced',
];
