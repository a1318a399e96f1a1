import type { LakeResources } from './lake-resources.ts';
import type { Draft } from './line.ts';
import type { Traffic } from './traffic.ts';
import type { Volumes } from './volumes.ts';

/** What a service is priced from. */
export interface Use {
  readonly lake: LakeResources;
  readonly volumes: Volumes;
  readonly traffic: Traffic;
}

/** One AWS service, and how its lines come about. */
export interface Service {
  readonly name: string;
  /** Resource types that its lines price. */
  readonly types: readonly string[];
  /** Other types of it, for which nothing is charged. */
  readonly free: readonly string[];
  drafts(use: Use): Draft[];
}
