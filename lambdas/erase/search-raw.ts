import type { PersonMatcher } from '../../core/etl/person.ts';
import { RefusedObject } from '../convert/refused-object.ts';
import type { ReprocessPorts } from '../reprocess/reprocess-ports.ts';
import type { Lines } from './found-rows.ts';
import type { PersonRecords } from './person-records.ts';
import { linesWith } from './rewrite-source.ts';
import { type IsHit, type SearchedSource, searchSource } from './search-source.ts';

/** An object of raw/ and the records of it that are a person's. */
export interface SearchedRaw {
  readonly key: string;
  readonly path: string;
  readonly source: SearchedSource;
}

/**
 * Looks for a person's records in an object of raw/; those at `lines` are known to be theirs. Undefined where the object
 * is not there any more. Throws where it cannot be read as a table.
 */
export async function searchRaw(
  search: {
    readonly ports: ReprocessPorts;
    readonly folder: string;
    readonly person: PersonMatcher;
    readonly records: PersonRecords;
  },
  key: string,
  lines: Lines,
): Promise<SearchedRaw | undefined> {
  const { ports, folder, person, records } = search;
  const path = await ports.pathOf('raw', key, folder);
  if (path === undefined) return undefined;
  const isTheirs: IsHit = ({ text, line, isFramed, format }) =>
    lines.has(line) || (isFramed ? records.isOf(text, format) : person.isIn(text));
  const searched = async (isHit: IsHit) => searchSource(path, { plan: ports.plan, scratch: folder, isHit });
  try {
    const source = await searched(isTheirs);
    const cut = await linesWith(path, source.format, source.cutLines, person);
    const isWhole = source.hits.length === 0 ? cut.size === 0 : [...cut].every((line) => hasLine(source, line));
    const whole = isWhole ? source : await searched((record) => isTheirs(record) || cut.has(record.line));
    return { key, path, source: whole };
  } catch (error) {
    if (!(error instanceof RefusedObject)) throw error;
    throw new Error(
      `raw/${key} cannot be searched, for it is ${error.message}: nothing was erased; remove it by hand if it is not needed, then erase again`,
      { cause: error },
    );
  }
}

function hasLine({ hits }: SearchedSource, line: number): boolean {
  return hits.some((hit) => hit.line === line);
}
