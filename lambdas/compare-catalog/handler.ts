/** The Lambda that looks, after each crawl, whether what lies in the lake is what the contracts say. */
import { GlueClient } from '@aws-sdk/client-glue';
import { datasets } from '../../datasets/index.ts';
import { env } from '../shared/env.ts';
import { compareCatalog, glueTables } from './compare-catalog.ts';

const ports = {
  plans: datasets,
  database: env('DATABASE'),
  crawledDatabase: env('CRAWLED_DATABASE'),
  tablesOf: glueTables(new GlueClient()),
};

export async function handler(): Promise<void> {
  const drifts = await compareCatalog(ports);
  // One line, of which the alarm reads the number.
  console.log(JSON.stringify({ driftedTables: drifts.length, drifts }));
}
