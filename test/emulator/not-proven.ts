/** What AWS does and the emulator does not, so that a green run is not taken for more than it is. */
export const NOT_PROVEN: readonly string[] = [
  'rights of streams, jobs, machines, crawlers and people, and on keys: only functions and the CDK work by their roles',
  'TLS: the loopback address stands for it',
  'Firehose: buffering by time and size, its raw backup, GZIP, retries, and records that its function fails on',
  'Athena: SQL is run by DuckDB with the macros of the laptop, not by Trino, and partition projection is not followed',
  'Glue: the scripts run under PySpark on copies of their buckets, not on S3; no crawler and no quality rule runs',
  'Step Functions: waits are cut short, and only curation runs',
  'SageMaker and QuickSight: nothing is behind a name',
  'alarms, budgets, schedules and the audit trail: they are made, and neither watch, start nor deliver',
  'lifecycle rules: they are set, and nothing expires',
  'limits of Lambda: memory, time and the size of a deployment package are not enforced',
];
