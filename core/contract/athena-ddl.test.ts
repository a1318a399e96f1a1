import { expect, test } from 'vitest';
import { jobOffers } from '../../test/fixtures/job-offers.ts';
import { athenaDdl } from './athena-ddl.ts';
import { glueColumns, glueParameters, oneLine } from './glue-columns.ts';

const TABLE = { database: 'lake_dev', location: 's3://processed/job_offers' };

test('a table with lists, structures and partition projection', () => {
  expect(athenaDdl(jobOffers, TABLE)).toMatchInlineSnapshot(`
    "CREATE EXTERNAL TABLE IF NOT EXISTS \`lake_dev\`.\`job_offers\` (
      \`offer_id\` string COMMENT 'Id at the source.',
      \`title\` string COMMENT 'Title.',
      \`body\` string COMMENT 'Whole text of the offer.',
      \`skills\` array<string> COMMENT 'Skills asked for.',
      \`salary\` struct<lowest:decimal(10,2),highest:decimal(10,2),is_predicted:boolean> COMMENT 'Yearly salary. In EUR.',
      \`places\` array<struct<city:string,latitude:double>> COMMENT 'Where the work is.',
      \`opened_on\` date COMMENT 'Day of publication.',
      \`seen_at\` timestamp COMMENT 'When it was fetched.',
      \`ingested_at\` timestamp COMMENT 'When Laketwin received the row.',
      \`source\` string COMMENT 'How the row came: in a file or as a record.',
      \`source_checksum\` string COMMENT 'SHA-256 of the file that the row stands in; null for a record of its own.',
      \`source_line\` bigint COMMENT 'Line of that file, from 1, the header included.'
    )
    COMMENT 'One row per job offer and source.'
    PARTITIONED BY (
      \`ingest_date\` date COMMENT 'Day on which Laketwin received the row, in UTC.'
    )
    STORED AS PARQUET
    LOCATION 's3://processed/job_offers/'
    TBLPROPERTIES (
      'classification' = 'parquet',
      'projection.enabled' = 'true',
      'projection.ingest_date.type' = 'date',
      'projection.ingest_date.format' = 'yyyy-MM-dd',
      'projection.ingest_date.range' = 'NOW-730DAYS,NOW',
      'projection.ingest_date.interval' = '1',
      'projection.ingest_date.interval.unit' = 'DAYS',
      'storage.location.template' = 's3://processed/job_offers/ingest_date=\${ingest_date}/'
    )"
  `);
});

test('a quote, a backslash or a backtick ends no text and no name', () => {
  const [column] = jobOffers.columns;
  const odd = {
    ...jobOffers,
    description: "it's a\\",
    columns: [{ ...column, name: 'a`b', description: "O'Neil's \\" }],
  };
  const ddl = athenaDdl(odd as typeof jobOffers, TABLE);
  expect(ddl).toContain("  `a``b` string COMMENT 'O\\'Neil\\'s \\\\'\n)");
  expect(ddl).toContain("COMMENT 'it\\'s a\\\\'\nPARTITIONED");
});

test('a comment is one line of at most 255 bytes, cut between characters', () => {
  expect(oneLine('two\n  lines\t\u0000here ')).toBe('two lines here');
  for (const text of ['x'.repeat(300), 'é'.repeat(200), `x${'日'.repeat(100)}`, `ab${'👩'.repeat(100)}`]) {
    const line = oneLine(text);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(255);
    expect(Buffer.byteLength(line)).toBeGreaterThan(248);
    expect(Buffer.from(line).toString()).toBe(line);
  }
  for (const { comment } of glueColumns(jobOffers)) expect(comment).not.toBe('');
});

test('partition projection reaches as far back as rows are kept', () => {
  const parameters = glueParameters({ ...jobOffers, retention: { rawDays: 1, processedDays: 400 } }, 's3://b/t/');
  expect(parameters['projection.ingest_date.range']).toBe('NOW-400DAYS,NOW');
  expect(parameters['storage.location.template']).toBe(`s3://b/t/ingest_date=${'$'}{ingest_date}/`);
});
