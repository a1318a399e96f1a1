/** A version as it scores: its models opened, its files as they were published, its witness rows scored again. */
import { createHash } from 'node:crypto';
import type { FeaturePlan } from '../features/feature-plan.ts';
import { type Model, openBundle } from './bundle.ts';
import { DamagedModel } from './forest.ts';
import { scoreRows } from './score-rows.ts';
import { filesOf, VERSION_SCHEMA, type Version, WITNESS_TOLERANCE, type Witness } from './version.ts';

export interface OpenVersion {
  readonly record: Version;
  /** By target, those that score. */
  readonly models: ReadonlyMap<string, Model>;
}

/** Gives the text of a file that lies beside a `version.json`; undefined where there is none. */
export type ReadBeside = (name: string) => Promise<string | undefined>;

/** Throws `DamagedModel` for what is no record of a version; `path` is for the message. */
export function parseVersion(path: string, text: string): Version {
  const record = parseFile<Version>(path, text);
  if (record.schema === VERSION_SCHEMA) return record;
  throw new DamagedModel(`${path} has the schema ${record.schema}, expected ${VERSION_SCHEMA}`);
}

/** Throws `DamagedModel` where the file is not as it was published. */
export async function readPublished({ version, files }: Version, name: string, read: ReadBeside): Promise<string> {
  const text = (await read(name)) ?? '';
  if (checksum(text) === files[name]) return text;
  throw new DamagedModel(`the file ${name} of ${version} is damaged: its checksum is not the one of its publication`);
}

/** Throws `DamagedModel` or `ForeignModel`. */
export async function openVersion(plan: FeaturePlan, record: Version, read: ReadBeside): Promise<OpenVersion> {
  const models = new Map<string, Model>();
  for (const target of Object.keys(record.targets)) {
    const { model } = filesOf(target);
    if (record.files[model] === undefined) continue;
    models.set(target, openBundle(plan, await readPublished(record, model, read)));
  }
  return { record, models };
}

/** Returns the greatest difference; throws `DamagedModel` where it is above `WITNESS_TOLERANCE`. */
export async function checkWitness(
  plan: FeaturePlan,
  { record, models }: OpenVersion,
  read: ReadBeside,
): Promise<number> {
  const { version } = record;
  let greatest = 0;
  for (const [target, model] of models) {
    const name = filesOf(target).witness;
    const witness = parseFile<Witness>(name, await readPublished(record, name, read));
    const { probabilities } = scoreRows(model, plan, witness.rows);
    const expected = witness.probabilities;
    if (expected.length !== probabilities.length) throw new DamagedModel(`${version} has no witness for ${target}`);
    for (const [row, probability] of probabilities.entries()) {
      const off = Math.abs(probability - (expected[row] ?? Number.NaN));
      if (!(off <= WITNESS_TOLERANCE)) {
        throw new DamagedModel(
          `${version} scores the witness row ${row + 1} as ${probability} for ${target}, the library ${expected[row]}`,
        );
      }
      greatest = Math.max(greatest, off);
    }
  }
  return greatest;
}

export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Throws `DamagedModel` for what is no JSON. */
export function parseFile<T>(path: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new DamagedModel(`${path} is damaged: it is no JSON`);
  }
}
