/** Names that people give to Athena, and that the stacks give to what they make. */
import type { Environment } from './environments.ts';

/** Who asks: people, pages, and the lake's own jobs. */
export const WORK_GROUPS = ['analysts', 'dashboards', 'pipelines'] as const;
export type WorkGroupName = (typeof WORK_GROUPS)[number];

export function databaseName({ name }: Environment): string {
  return `laketwin_${name}`;
}

export function workGroupName({ name }: Environment, group: WorkGroupName): string {
  return `laketwin-${name}-${group}`;
}

/** Bytes that one query may scan before Athena stops it. */
export function scanLimitBytes({ scanLimitMiB }: Environment): number {
  return scanLimitMiB * 1024 * 1024;
}

/** Where analysts ask the lake of an environment, and what one query may scan there. */
export function analystsPlace(environment: Environment) {
  return {
    region: environment.region,
    database: databaseName(environment),
    workGroup: workGroupName(environment, 'analysts'),
    scanLimitBytes: scanLimitBytes(environment),
  };
}
