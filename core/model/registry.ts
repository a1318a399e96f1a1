/** The registry of models, in a folder or in a bucket. A version is there whole or not at all. */
import type { FeaturePlan } from '../features/feature-plan.ts';
import { DamagedModel } from './forest.ts';
import { checksum, checkWitness, type OpenVersion, openVersion, parseVersion, readPublished } from './open-version.ts';
import { type Version, versionName, versionNumber } from './version.ts';

/** Versions that can be rolled back to; older ones are moved to `archives`. */
export const LIVE_VERSIONS = 3;

export interface Champion {
  readonly version: string;
  readonly since: string;
}

/** Texts by file name, without `version.json`. */
export type VersionFiles = Readonly<Record<string, string>>;

/** Where a registry lies. Paths have slashes; a folder counts once it holds `version.json`. */
export interface ModelFiles {
  /** Says where, in messages. */
  readonly place: string;
  read(path: string): Promise<string | undefined>;
  /** Seen whole or not at all. */
  write(path: string, text: string): Promise<void>;
  /** Puts a folder that counts when all of it is there. */
  add(folder: string, files: VersionFiles): Promise<void>;
  move(from: string, to: string): Promise<void>;
  remove(folder: string): Promise<void>;
  /** Names of the folders that count under a path. */
  folders(path: string): Promise<string[]>;
}

const RECORD = 'version.json';
const CHAMPION = 'champion.json';

export class ModelRegistry {
  readonly #files: ModelFiles;
  readonly #plan: FeaturePlan;

  constructor(files: ModelFiles, plan: FeaturePlan) {
    this.#files = files;
    this.#plan = plan;
  }

  async champion(): Promise<Champion | undefined> {
    const text = await this.#files.read(CHAMPION);
    if (text === undefined) return undefined;
    const champion = JSON.parse(text) as Champion;
    if (/^v\d+-[0-9a-f]{8}$/.test(champion.version)) return champion;
    throw new DamagedModel(`${CHAMPION} in '${this.#files.place}' names no version`);
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
    throw new Error(
      `there is no model in '${this.#files.place}': train one first, as in npx laketwin train --input FILE`,
    );
  }

  /** Throws `DamagedModel` or `ForeignModel`. */
  async open(version: string): Promise<OpenVersion> {
    return openVersion(this.#plan, await this.record(version), this.#beside(version));
  }

  async record(version: string): Promise<Version> {
    const path = `live/${version}/${RECORD}`;
    const text = await this.#files.read(path);
    if (text === undefined) throw new DamagedModel(`the version ${version} is not in '${this.#files.place}/live'`);
    return parseVersion(path, text);
  }

  /** What a version of these files would be called, and how it would be described; nothing is written. */
  async draft(
    files: VersionFiles,
    describe: (version: string, checksums: Version['files']) => Version,
  ): Promise<Version> {
    const checksums = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, checksum(text)]));
    const numbers = [...(await this.live()), ...(await this.archived())].map(versionNumber);
    return describe(versionName(Math.max(0, ...numbers) + 1, checksum(JSON.stringify(checksums))), checksums);
  }

  /**
   * Puts a drafted version beside the others, scores its witness rows again, then makes it the champion. Doing it again
   * does nothing; throws a sentence where another version has come in since the draft.
   */
  async publish(record: Version, files: VersionFiles, now: Date): Promise<void> {
    const { version } = record;
    if ((await this.champion())?.version === version) return;
    const newer = [...(await this.live()), ...(await this.archived())].find(
      (other) => other !== version && versionNumber(other) >= versionNumber(version),
    );
    if (newer !== undefined) {
      throw new Error(`${newer} was published since ${version} was judged: judge it again beside the new champion`);
    }
    const folder = `live/${version}`;
    await this.#files.add(folder, { ...files, [RECORD]: `${JSON.stringify(record, null, 2)}\n` });
    try {
      await this.enthrone(version, now);
    } catch (error) {
      await this.#files.remove(folder);
      throw error;
    }
    await this.#retire(version);
  }

  /** Makes a live version the one that scores, if it still says of the witness rows what the library said. */
  async enthrone(version: string, now: Date): Promise<void> {
    await this.checkWitness(version);
    const champion: Champion = { version, since: now.toISOString() };
    await this.#files.write(CHAMPION, `${JSON.stringify(champion)}\n`);
  }

  /** Returns the greatest difference; throws `DamagedModel` where it is above `WITNESS_TOLERANCE`. */
  async checkWitness(version: string): Promise<number> {
    return checkWitness(this.#plan, await this.open(version), this.#beside(version));
  }

  /** Throws `DamagedModel` where the file is not as it was published. */
  async read(record: Version, name: string): Promise<string> {
    return readPublished(record, name, this.#beside(record.version));
  }

  #beside(version: string) {
    return (name: string) => this.#files.read(`live/${version}/${name}`);
  }

  async #retire(champion: string): Promise<void> {
    const old = (await this.live()).slice(LIVE_VERSIONS).filter((version) => version !== champion);
    for (const version of old) await this.#files.move(`live/${version}`, `archives/${version}`);
  }

  async #versionsIn(path: string): Promise<string[]> {
    const found = await this.#files.folders(path);
    return found.filter((it) => versionNumber(it) > 0).sort((a, b) => versionNumber(b) - versionNumber(a));
  }
}
