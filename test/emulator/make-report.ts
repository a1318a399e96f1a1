/** The function of reports makes one of curated rows by its own rights, and tells its topic. */
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { reportFolder } from '../../core/dashboards/scheduled-reports.ts';
import { askRest } from './api.ts';
import { query } from './athena.ts';
import { equal } from './equal.ts';
import { type DeployedLake, resourceAt } from './lake.ts';
import type { Proved } from './report.ts';
import { DATASET } from './take-files.ts';

const ROLE = 'direction';

export async function makeReport(lake: DeployedLake): Promise<Proved> {
  const [[day = ''] = []] = await query(lake, `select cast(max(event_date) as varchar) as last_day from ${DATASET}`);
  const period = day.slice(0, 7);
  const order = { dataset: DATASET, role: ROLE, kind: 'month', period };
  const { physicalId } = resourceAt(lake, 'Reports/Report/Resource');
  const answer = await askRest<unknown>(
    lake.emulator,
    'lambda',
    `/2015-03-31/functions/${physicalId}/invocations`,
    order,
  );
  equal('answer of the function', answer, null);
  const folder = reportFolder(DATASET, ROLE, { name: period });
  const { rows, keys, toldAt } = await record(lake, `${folder}/report.json`);
  equal('whether the topic was told', typeof toldAt, 'string');
  equal('objects of the report', await keysUnder(lake, folder), [...keys, `${folder}/report.json`].sort());
  const [[counted] = []] = await query(
    lake,
    `select count(*) as row_count from ${DATASET} where date_format(event_date, '%Y-%m') = '${period}'`,
  );
  equal('bookings of the report', rows, Number(counted));
  return {
    proved: 'the function of reports makes one by its own rights, whole, and tells its topic',
    figures: { bookings: rows, files: keys.length },
  };
}

function bucketOf(lake: DeployedLake): string {
  return resourceAt(lake, 'Storage/QueryResults/Resource').physicalId;
}

async function record(lake: DeployedLake, Key: string) {
  const { Body } = await lake.clients.s3.send(new GetObjectCommand({ Bucket: bucketOf(lake), Key }));
  return JSON.parse((await Body?.transformToString()) ?? '') as {
    readonly rows: number;
    readonly keys: readonly string[];
    readonly toldAt?: string;
  };
}

async function keysUnder(lake: DeployedLake, folder: string): Promise<string[]> {
  const keys: string[] = [];
  const pages = paginateListObjectsV2({ client: lake.clients.s3 }, { Bucket: bucketOf(lake), Prefix: `${folder}/` });
  for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key = '' }) => Key));
  return keys.sort();
}
