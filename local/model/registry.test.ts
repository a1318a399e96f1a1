import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { bookingRows } from '../../test/model/booking-rows.ts';
import { publishTiny } from '../../test/model/publish-tiny.ts';
import { TARGET } from '../../test/model/tiny-model.ts';
import { Registry } from './registry.ts';

const NOW = new Date('2026-05-01T10:00:00Z');
const rows = bookingRows(50, 2);
let lake: string;
let registry: Registry;

beforeEach(() => {
  lake = mkdtempSync(join(tmpdir(), 'laketwin-registry-'));
  registry = new Registry(lake, bookingFeatures);
});

afterEach(() => rmSync(lake, { recursive: true, force: true }));

describe('a registry', () => {
  test('fails with what to do where there is no model', async () => {
    await expect(registry.openChampion()).rejects.toThrow(/there is no model in .*: train one first/);
  });

  test('makes a published version the champion, that scores', async () => {
    const version = await publish(0.5);
    expect((await registry.champion())?.version).toBe(version);
    const { models } = await registry.openChampion();
    expect([...models.keys()]).toEqual([TARGET]);
  });

  test('keeps three versions live and moves older ones to the archives', async () => {
    const versions: string[] = [];
    for (const leaf of [0.1, 0.2, 0.3, 0.4, 0.5]) versions.push(await publish(leaf));
    expect(await registry.live()).toEqual(versions.slice(2).reverse());
    expect(await registry.archived()).toEqual(versions.slice(0, 2).reverse());
    expect(versions.map((version) => version.slice(0, 6))).toEqual(['v0001-', 'v0002-', 'v0003-', 'v0004-', 'v0005-']);
  });

  test('goes back to an earlier version, which must still say what the library said', async () => {
    const first = await publish(0.1);
    await publish(0.2);
    await registry.enthrone(first, NOW);
    expect((await registry.openChampion()).record.version).toBe(first);
  });

  test('never retires the champion that was gone back to', async () => {
    const first = await publish(0.1);
    await publish(0.2);
    await registry.enthrone(first, NOW);
    await publish(0.3);
    await publish(0.4);
    expect(await registry.live()).toHaveLength(3);
    expect((await registry.openChampion()).record.version).toBe((await registry.live())[0]);
  });

  test('fails to publish a version that does not say what the library said, and leaves the champion', async () => {
    const before = await publish(0.5);
    await expect(publish(0.4, 2e-6)).rejects.toThrow(
      /scores the witness row 1 as .* for booking_complete, the library/,
    );
    expect((await registry.champion())?.version).toBe(before);
    expect(await registry.live()).toEqual([before]);
    expect(readdirSync(registry.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('takes a version that is off by less than 1e-6', async () => {
    await publish(0.5, 9e-7);
    expect(await registry.live()).toHaveLength(1);
  });

  test.each([`${TARGET}.json`, `${TARGET}.witness.json`])(
    'fails by name where %s was changed by one byte',
    async (name) => {
      const version = await publish(0.5);
      const path = join(registry.folder, 'live', version, name);
      const text = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
      );
      await expect(registry.checkWitness(version)).rejects.toThrow(`the file ${name} of ${version} is damaged`);
    },
  );

  test('fails by name where a file of a version is missing, or its record is no JSON', async () => {
    const version = await publish(0.5);
    rmSync(join(registry.folder, 'live', version, `${TARGET}.json`));
    await expect(registry.openChampion()).rejects.toThrow(/booking_complete\.json of v0001-.* is damaged/);
    writeFileSync(join(registry.folder, 'live', version, 'version.json'), '{');
    await expect(registry.openChampion()).rejects.toThrow(/version\.json is damaged: it is no JSON/);
  });
});

function publish(leaf: number, off = 0): Promise<string> {
  return publishTiny(registry, rows, leaf, off);
}
