import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';

/** A document that is made at synthesis; its content alone names it. */
export function jsonAsset(scope: Construct, id: string, document: object): Asset {
  const path = join(mkdtempSync(join(tmpdir(), 'laketwin-')), `${id}.json`);
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
  return new Asset(scope, id, { path });
}
