import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetPlan } from '../../core/contract/plan.ts';
import type { PseudonymKey } from '../../core/etl/pseudonym.ts';
import type { ObjectStore, Zone } from '../../core/ports.ts';
import { openDuckDB } from '../shared/duckdb.ts';
import { fetchObject } from '../shared/fetch-object.ts';

/** What processing an object again asks of the world. */
export interface ReprocessPorts {
  readonly store: ObjectStore;
  readonly plan: DatasetPlan;
  readonly loadPseudonymKey: () => Promise<PseudonymKey>;
  /** Objects of more text are handed over to Spark. Default: none is. */
  readonly mostBytes?: number;
  /** Rejected rows of one object that are held at once; of an object with more, none is tried. Default: any number. */
  readonly mostRejected?: number;
  /** Does work with an empty folder, which is removed at its end. */
  readonly withFolder: <T>(work: (folder: string) => Promise<T>) => Promise<T>;
  /** A path where the object may be read, in `folder` where it had to be fetched; undefined where it is not there. */
  readonly pathOf: (zone: Zone, key: string, folder: string) => Promise<string | undefined>;
  /** Does work with an engine that may read what `pathOf` gave for `folder`. */
  readonly withEngine: <T>(folder: string, work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;
}

const ENGINE = { threads: 2, memoryLimitMiB: 512 };

/** Ports of a function: objects are fetched into a folder below `scratch`, which exists. */
export function fetchingPorts(
  given: Pick<ReprocessPorts, 'store' | 'plan' | 'loadPseudonymKey' | 'mostBytes' | 'mostRejected'> & {
    readonly scratch: string;
  },
): ReprocessPorts {
  const { scratch, ...ports } = given;
  let fetched = 0;
  return {
    ...ports,
    async withFolder(work) {
      const folder = await mkdtemp(join(scratch, 'reprocess-'));
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async pathOf(zone, key, folder) {
      const path = join(folder, `fetched-${fetched++}`);
      return (await fetchObject(ports.store, zone, key, path)) === undefined ? undefined : path;
    },
    async withEngine(folder, work) {
      const engine = await openDuckDB({ ...ENGINE, scratch: folder });
      try {
        return await work(await engine.connect());
      } finally {
        await engine.close();
      }
    },
  };
}
