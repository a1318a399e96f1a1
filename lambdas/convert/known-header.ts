import type { DatasetPlan } from '../../core/contract/plan.ts';
import { type HeaderMap, mapHeader } from '../../core/etl/header-map.ts';
import type { SourceFormat } from './frame-source.ts';
import { RefusedObject } from './refused-object.ts';

/** Which cell of a csv holds which column; undefined for json. Throws `RefusedObject` where the header lacks columns. */
export function knownHeader(plan: DatasetPlan, { kind, header }: SourceFormat): HeaderMap | undefined {
  if (kind === 'json') return undefined;
  const map = mapHeader(plan, header);
  if (map.missing.length === 0) return map;
  throw new RefusedObject(
    `the header lacks ${map.missing.map(quoted).join(', ')}: a file of ${plan.name} needs these columns, in any order`,
  );
}

/** What the ledger says of cells that no column takes. */
export function headerWarnings(header: HeaderMap | undefined): string[] {
  if (header === undefined || header.unknown.length === 0) return [];
  return [`unknown columns are left out: ${header.unknown.map(quoted).join(', ')}`];
}

function quoted(name: string): string {
  return `'${name.slice(0, 60)}'`;
}
