/** The registry of models: a folder `models/<dataset>` in the lake. A version is there whole or not at all. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeaturePlan } from '../../core/features/feature-plan.ts';
import { type Model, openBundle } from '../../core/model/bundle.ts';
import { DamagedModel } from '../../core/model/forest.ts';
import { scoreRows } from '../../core/model/score-rows.ts';
import {
  filesOf,
  VERSION_SCHEMA,
  type Version,
  versionName,
  versionNumber,
  WITNESS_TOLERANCE,
  type Witness,
} from '../../core/model/version.ts';

/** Versions that can be rolled back to; older ones are moved to `archives`. */
export const LIVE_VERSIONS = 3;

export interface Champion {
  readonly version: string;
  readonly since: string;
}

export interface OpenVersion {
  readonly record: Version;
  /** By target, those that score. */
  readonly models: ReadonlyMap<string, Model>;
}

/** Texts by file name, without `version.json`. */
export type VersionFiles = Readonly<Record<string, string>>;

export class Registry {
  readonly folder: string;
  readonly #plan: FeaturePlan;

  constructor(lake: string, plan: FeaturePlan) {
    this.folder = join(lake, 'models', plan.dataset.name);
    this.#plan = plan;
  }

  async champion(): Promise<Champion | undefined> {
    const path = join(this.folder, 'champion.json');
    if (!existsSync(path)) return undefined;
    const champion = JSON.parse(await readFile(path, 'utf8')) as Champion;
    if (!/^v\d+-[0-9a-f]{8}$/.test(champion.version)) throw new DamagedModel(`${path} names no version`);
    return champion;
  }

  /** Names of the live versions, the newest first. */
  async live(): Promise<string[]> {
    return this.#versionsIn('live');
  }

  async archived(): Promise<string[]> {
    return this.#versionsIn('archives');
  }

  /** Throws a sentence where there is none. */
  async openChampion(): Promise<OpenVersion> {
    return this.open((await this.theChampion()).version);
  }

  /** Throws a sentence where there is none. */
  async theChampion(): Promise<Champion> {
    const champion = await this.champion();
    if (champion !== undefined) return champion;
    throw new Error(`there is no model in '${this.folder}': train one first, as in npx laketwin train --input FILE`);
  }

  /** Throws `DamagedModel` or `ForeignModel`. */
  async open(version: string): Promise<OpenVersion> {
    const record = await this.record(version);
    const models = new Map<string, Model>();
    for (const target of Object.keys(record.targets)) {
      const { model } = filesOf(target);
      if (record.files[model] === undefined) continue;
      models.set(target, openBundle(this.#plan, await this.read(record, model)));
    }
    return { record, models };
  }

  async record(version: string): Promise<Version> {
    const path = join(this.folder, 'live', version, 'version.json');
    const text = await readFile(path, 'utf8').catch(() => {
      throw new DamagedModel(`the version ${version} is not in '${join(this.folder, 'live')}'`);
    });
    const record = parse<Version>(path, text);
    if (record.schema !== VERSION_SCHEMA) {
      throw new DamagedModel(`${path} has the schema ${record.schema}, expected ${VERSION_SCHEMA}`);
    }
    return record;
  }

  /** Puts a version beside the others, scores its witness rows again, then makes it the champion. */
  async publish(
    files: VersionFiles,
    describe: (version: string, checksums: Version['files']) => Version,
    now: Date,
  ): Promise<Version> {
    const checksums = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, checksum(text)]));
    const numbers = [...(await this.live()), ...(await this.archived())].map(versionNumber);
    const version = versionName(Math.max(0, ...numbers) + 1, checksum(JSON.stringify(checksums)));
    const record = describe(version, checksums);
    const fresh = join(this.folder, `.${version}-${process.pid}`);
    const place = join(this.folder, 'live', version);
    try {
      await mkdir(fresh, { recursive: true });
      for (const [name, text] of Object.entries(files)) await writeFile(join(fresh, name), text);
      await writeFile(join(fresh, 'version.json'), `${JSON.stringify(record, null, 2)}\n`);
      await mkdir(join(this.folder, 'live'), { recursive: true });
      await rename(fresh, place);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    try {
      await this.enthrone(version, now);
    } catch (error) {
      await rm(place, { recursive: true, force: true });
      throw error;
    }
    await this.#retire(version);
    return record;
  }

  /** Makes a live version the one that scores, if it still says of the witness rows what the library said. */
  async enthrone(version: string, now: Date): Promise<void> {
    await this.checkWitness(version);
    const champion: Champion = { version, since: now.toISOString() };
    const path = join(this.folder, 'champion.json');
    const fresh = `${path}.${process.pid}`;
    await writeFile(fresh, `${JSON.stringify(champion)}\n`);
    await rename(fresh, path);
  }

  /** Returns the greatest difference; throws `DamagedModel` where it is above `WITNESS_TOLERANCE`. */
  async checkWitness(version: string): Promise<number> {
    const { record, models } = await this.open(version);
    let greatest = 0;
    for (const [target, model] of models) {
      const name = filesOf(target).witness;
      const witness = parse<Witness>(name, await this.read(record, name));
      const { probabilities } = scoreRows(model, this.#plan, witness.rows);
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

  /** Throws `DamagedModel` where the file is not as it was published. */
  async read({ version, files }: Version, name: string): Promise<string> {
    const text = await readFile(join(this.folder, 'live', version, name), 'utf8').catch(() => '');
    if (checksum(text) === files[name]) return text;
    throw new DamagedModel(`the file ${name} of ${version} is damaged: its checksum is not the one of its publication`);
  }

  async #retire(champion: string): Promise<void> {
    const old = (await this.live()).slice(LIVE_VERSIONS).filter((version) => version !== champion);
    await mkdir(join(this.folder, 'archives'), { recursive: true });
    for (const version of old) await rename(join(this.folder, 'live', version), join(this.folder, 'archives', version));
  }

  async #versionsIn(name: string): Promise<string[]> {
    const found = await readdir(join(this.folder, name)).catch(() => []);
    return found.filter((it) => versionNumber(it) > 0).sort((a, b) => versionNumber(b) - versionNumber(a));
  }
}

export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parse<T>(path: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new DamagedModel(`${path} is damaged: it is no JSON`);
  }
}
