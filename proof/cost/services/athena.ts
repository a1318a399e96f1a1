import type { LakeResource } from '../lake-resources.ts';
import { type Draft, nothing } from '../line.ts';
import { DAYS, MIB } from '../month.ts';
import type { Service, Use } from '../service.ts';

/** The least that a query is charged for, and what a TB is on the bill. */
const LEAST_BYTES = 10 * MIB;
const TB = 2 ** 40;

export const athena: Service = {
  name: 'Athena',
  types: ['AWS::Athena::WorkGroup'],
  free: ['AWS::Athena::NamedQuery', 'AWS::Athena::PreparedStatement', 'AWS::Athena::DataCatalog'],
  drafts({ lake, volumes }) {
    const groups = lake.ofType('AWS::Athena::WorkGroup');
    if (groups.length === 0) return [nothing('Athena', 'queries', 'no workgroup is synthesised')];
    refuseStrangers(groups, volumes.queries);
    return groups.map((group) => queries(group, volumes.queries));
  },
};

type Queries = Use['volumes']['queries'];

function queries(group: LakeResource, all: Queries): Draft {
  const [, asked] = Object.entries(all).find(([part]) => isNamed(group, part)) ?? [];
  if (asked === undefined)
    return nothing('Athena', `queries ${group.name}`, 'the volumes say no query of this workgroup');
  const limit = group.properties.WorkGroupConfiguration?.BytesScannedCutoffPerQuery ?? Number.POSITIVE_INFINITY;
  const scanned = Math.min(Math.ceil(asked.scannedMiB) * MIB, limit);
  const bytes = Math.max(LEAST_BYTES, scanned);
  const month = asked.perDay * DAYS;
  return {
    service: 'Athena',
    item: `queries ${group.name}`,
    price: 'athena.scanned',
    quantity: (month * bytes) / TB,
    how: `${month} queries × ${bytes / MIB} MB / 1,048,576`,
    trap: trapOf(asked.scannedMiB, limit),
  };
}

function trapOf(scannedMiB: number, limit: number): string | undefined {
  if (scannedMiB * MIB > limit)
    return `a query of ${scannedMiB} MB is stopped at the workgroup’s ${limit / MIB}, and charged until then`;
  if (scannedMiB * MIB < LEAST_BYTES) return `a query that scans ${scannedMiB} MB is charged as 10, the least`;
  return undefined;
}

function isNamed({ name, properties }: LakeResource, part: string): boolean {
  return `${name} ${typeof properties.Name === 'string' ? properties.Name : ''}`
    .toLowerCase()
    .includes(part.toLowerCase());
}

function refuseStrangers(groups: readonly LakeResource[], all: Queries) {
  const stranger = Object.keys(all).find((part) => !groups.some((group) => isNamed(group, part)));
  if (stranger === undefined) return;
  const names = groups.map(({ name }) => name).join(', ');
  throw new Error(`volumes name queries of '${stranger}', expected a part of a workgroup's name: ${names}`);
}
