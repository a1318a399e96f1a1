/** From a file to scores, by the commands that people type. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetNamed } from '../../datasets/index.ts';
import { generateFile } from '../../local/generate-file.ts';
import { sharedData } from '../shared-data.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'laketwin-score-test-'));
const REAL = sharedData('bookings/customer_booking_dev.csv');
const lake = join(folder, 'lake');
const LONG = 900_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(REAL !== undefined)('the real bookings', () => {
  const real = String(REAL);
  let summary: Summary;
  beforeAll(() => {
    summary = JSON.parse(laketwin('train', '--input', real, '--lake', lake, '--budget', 'reduced', '--json').stdout);
  }, LONG);

  test('are foretold, by models that did not see them, as well as they honestly can be', () => {
    const { metrics, baseline, foldRocAucs } = completion(summary);
    expect(metrics.rocAuc).toBeGreaterThanOrEqual(0.795);
    expect(metrics.rocAuc).toBeLessThan(0.81);
    expect(metrics.prAuc).toBeGreaterThanOrEqual(0.38);
    expect(metrics.logLoss).toBeLessThanOrEqual(0.349);
    expect(metrics.logLoss).toBeLessThan(baseline.logLoss);
    expect(foldRocAucs).toHaveLength(5);
    expect(Math.abs(metrics.meanPrediction - metrics.rate)).toBeLessThan(0.01);
  });

  test('are said to stand in an order that tells their outcome', () => {
    expect(summary.warnings.join()).toMatch(/order of the file tells booking_complete: .* ROC AUC of 0\.\d{3}/);
  });

  test(
    'are scored line by line, with and without their outcome, to the same probabilities',
    () => {
      const lines = readFileSync(real, 'latin1').trimEnd().split('\r\n');
      const bare = join(folder, 'bare.csv');
      writeFileSync(bare, lines.map((line) => line.replace(/,[^,]*$/, '')).join('\r\n'), 'latin1');
      const [scored, scoredBare] = [score(real, 'scored.csv'), score(bare, 'bare-scored.csv')];
      expect(scored).toHaveLength(lines.length - 1);
      expect(scored.map((row) => Number(row.source_line))).toEqual(lines.slice(1).map((_, at) => at + 2));
      expect(
        scored.every((row) => Number(row.completion_probability) > 0 && Number(row.completion_probability) < 1),
      ).toBe(true);
      expect(new Set(scored.map((row) => row.model_version))).toEqual(new Set([summary.published?.version]));
      const only = (rows: readonly Scored[]) => rows.map((row) => row.completion_probability);
      expect(only(scoredBare)).toEqual(only(scored));
    },
    LONG,
  );

  test(
    'that are broken or strange are rejected with a reason or flagged, never lost and never NaN',
    () => {
      const [head = '', first = ''] = readFileSync(real, 'latin1').split('\r\n');
      const cells = first.split(',');
      const change = (place: number, text: string) => cells.map((cell, at) => (at === place ? text : cell)).join(',');
      const rows = [
        first,
        change(8, 'Atlantis'),
        change(7, 'ZZZQQQ'),
        change(3, '999'),
        change(3, '-1'),
        change(5, ''),
        'x',
      ];
      const input = join(folder, 'strange.csv');
      writeFileSync(input, [head, ...rows].join('\r\n'), 'latin1');
      const out = join(folder, 'strange-scored.csv');
      const run = spawnSync(
        process.execPath,
        command('score', '--input', input, '--out', out, '--lake', lake, '--json'),
      );
      expect(run.status).toBe(3);
      const said = JSON.parse(String(run.stdout)) as { readonly rejectedByReason: object; readonly rejected: number };
      expect(said.rejected).toBe(3);
      expect(Object.keys(said.rejectedByReason)).toEqual(
        expect.arrayContaining(['purchase_lead:minimum', 'flight_hour:missing']),
      );
      expect(csv(out).map(({ flags }) => flags)).toEqual([
        '',
        'unseen:booking_origin',
        'unseen:route;unseen:airport_a;unseen:airport_b',
        'range:purchase_lead',
      ]);
    },
    LONG,
  );

  test(
    'are all scored in the lake once a model is published, and a run then trains no other',
    () => {
      const run = JSON.parse(laketwin('run', '--no-serve', '--json', '--input', real, '--lake', lake).stdout);
      const version = summary.published?.version;
      expect(run.model).toMatchObject({ version, isNew: false, scored: 0, judged: 0, alarms: [], notes: [] });
      const sql = `select count(*) as scored, count_if(was_trained_on) as learnt from booking_scores where model_version = '${version}'`;
      const scores = laketwin('query', sql, '--format', 'csv', '--lake', lake).stdout;
      expect(scores.trim().split(/\r?\n/)[1]).toBe('39999,39999');
    },
    LONG,
  );

  test(
    'are not published again where nothing is better than the champion',
    () => {
      const again = laketwin('train', '--lake', lake, '--budget', 'reduced', '--json');
      expect(again.status).toBe(1);
      const { published, targets } = JSON.parse(again.stdout) as Summary;
      expect(published).toBeUndefined();
      expect(targets.booking_complete?.refusals.map(({ name }) => name)).toEqual(['no-better-than-champion']);
      // The same rows and seed: the champion is examined with the candidate's own figures, to the last digits.
      const { candidate, champion } = targets.booking_complete?.exam ?? {};
      expect(champion?.logLoss).toBeCloseTo(Number(candidate?.logLoss), 7);
      expect(completion({ targets })).toEqual(completion(summary));
    },
    LONG,
  );
});

describe('training', () => {
  test(
    'fails on too few rows with their number',
    async () => {
      const input = join(folder, 'few.csv');
      await generateFile({ dataset: datasetNamed('bookings'), out: input, rows: 300, seed: 1, dirty: 0 });
      const run = laketwin('train', '--input', input, '--lake', join(folder, 'few-lake'));
      expect([run.status, run.stderr]).toEqual([
        1,
        expect.stringMatching(/found 300 rows to train on, expected at least 1000/),
      ]);
    },
    LONG,
  );

  test(
    'fails on rows of one answer with the figure',
    async () => {
      const made = join(folder, 'made.csv');
      await generateFile({ dataset: datasetNamed('bookings'), out: made, rows: 1500, seed: 1, dirty: 0 });
      const [head = '', ...lines] = readFileSync(made, 'utf8').trimEnd().split(/\r?\n/);
      const place = head.split(',').indexOf('wants_in_flight_meals');
      const none = lines.map((line) =>
        line
          .split(',')
          .map((cell, at) => (at === place ? '0' : cell))
          .join(','),
      );
      const input = join(folder, 'one.csv');
      writeFileSync(input, [head, ...none].join('\n'));
      const run = laketwin('train', '--input', input, '--lake', join(folder, 'one-lake'));
      expect([run.status, run.stderr]).toEqual([
        1,
        expect.stringMatching(/wants_in_flight_meals is true in 0 of 1500 rows/),
      ]);
    },
    LONG,
  );
});

describe('scoring', () => {
  test('fails with what to do in a lake without a model', () => {
    const input = join(folder, 'few.csv');
    const out = join(folder, 'none.csv');
    const run = laketwin('score', '--input', input, '--out', out, '--lake', join(folder, 'empty'));
    expect([run.status, run.stderr]).toEqual([1, expect.stringMatching(/there is no model in .*: train one first/)]);
    expect(existsSync(out)).toBe(false);
  });

  test('fails for an output of another kind', () => {
    const run = laketwin('score', '--input', 'x.csv', '--out', 'x.txt', '--lake', lake);
    expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(/expected a name in \.csv or \.parquet/)]);
  });
});

interface Figures {
  readonly rocAuc: number;
  readonly prAuc: number;
  readonly logLoss: number;
  readonly meanPrediction: number;
  readonly rate: number;
}

interface Summary {
  readonly published?: { readonly version: string };
  readonly warnings: readonly string[];
  readonly targets: Readonly<
    Record<
      string,
      {
        readonly evaluation: { readonly metrics: Figures; readonly baseline: Figures; readonly foldRocAucs: number[] };
        readonly refusals: readonly { readonly name: string }[];
        readonly exam: { readonly candidate: Figures; readonly champion?: Figures };
      }
    >
  >;
}

type Scored = Readonly<Record<string, string>>;

function completion({ targets }: Pick<Summary, 'targets'>) {
  const report = targets.booking_complete;
  if (report === undefined) throw new Error('no report of booking_complete');
  return report.evaluation;
}

function score(input: string, name: string): Scored[] {
  const out = join(folder, name);
  execFileSync(process.execPath, command('score', '--input', input, '--out', out, '--lake', lake));
  return csv(out);
}

function csv(path: string): Scored[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at] ?? '', cell])));
}

function laketwin(...given: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command(...given), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

function command(...given: readonly string[]): string[] {
  return ['--import', 'tsx', join(ROOT, 'bin/laketwin.ts'), ...given];
}
