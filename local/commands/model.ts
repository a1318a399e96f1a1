import { resolve } from 'node:path';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';
import { lockLake } from '../lock.ts';
import { explainBooking } from '../model/explain-booking.ts';
import { Registry } from '../model/registry.ts';
import { renderCalibration, renderModels } from '../model/render-training.ts';
import { renderTable } from '../terminal/table.ts';

export interface ModelOptions {
  readonly lake: string;
  readonly to?: string;
  readonly json?: boolean;
}

export interface ExplainOptions extends ModelOptions {
  readonly input: string;
  readonly line: number;
  readonly target: string;
}

/** Reasons that a person is shown. */
const REASONS = 8;

/** Figures of the champion, and the versions beside it. */
export async function showModel(options: ModelOptions): Promise<ExitStatus> {
  const registry = new Registry(resolve(options.lake), bookingFeatures);
  const { record } = await registry.openChampion();
  const versions = {
    champion: await registry.champion(),
    live: await registry.live(),
    archived: await registry.archived(),
  };
  if (options.json) {
    console.log(JSON.stringify({ ...versions, record }, null, 2));
    return EXIT.done;
  }
  const [first] = Object.values(record.targets);
  const { data, xgboost, budget, seed } = record;
  console.log(
    [
      `${record.version} of ${record.createdAt}: ${data.rows.toLocaleString('en')} rows (${data.fingerprint.slice(0, 12)}), XGBoost ${xgboost}, budget ${budget}, seed ${seed}`,
      renderModels(record.targets),
      ...(first === undefined
        ? []
        : [
            'calibration of the first target',
            renderCalibration(first),
            'what drives it: share of the gain, and mean weight in log odds (SHAP) on the witness rows',
            renderTable(
              ['feature', 'share of gain', 'SHAP', 'meaning'],
              first.importance.slice(0, 12).map(({ feature, gain, shap, meaning }) => [feature, gain, shap, meaning]),
            ),
          ]),
      `live: ${versions.live.join(', ')}; archived: ${versions.archived.join(', ') || 'none'}`,
    ].join('\n'),
  );
  return EXIT.done;
}

/** Says why a booking scores as it does. */
export async function explainScore(options: ExplainOptions): Promise<ExitStatus> {
  const { lake, input, line, target } = options;
  const told = await explainBooking({ lake, plan: bookingFeatures, input, line, target, now: new Date() });
  if (options.json) {
    console.log(JSON.stringify(told, null, 2));
    return EXIT.done;
  }
  const rows = told.reasons
    .slice(0, REASONS)
    .map(({ meaning, value, contribution }) => [contribution > 0 ? 'raises' : 'lowers', contribution, meaning, value]);
  console.log(
    [
      `line ${told.line}: ${target} with probability ${told.probability.toFixed(4)} by ${told.version}; ${told.base.toFixed(4)} for the average booking`,
      renderTable(['it', 'log odds', 'what', 'value'], rows),
    ].join('\n'),
  );
  return EXIT.done;
}

/** Makes the live version before the champion, or the one that is named, the champion. */
export async function rollBackModel(options: ModelOptions): Promise<ExitStatus> {
  const lake = resolve(options.lake);
  const registry = new Registry(lake, bookingFeatures);
  const champion = (await registry.theChampion()).version;
  const live = await registry.live();
  const target = options.to ?? live[live.indexOf(champion) + 1];
  if (target === undefined) throw new Error(`${champion} is the oldest live version: there is none to go back to`);
  if (!live.includes(target)) throw new UsageError(`found --to ${target}, expected one of ${live.join(', ')}`);
  const release = await lockLake(lake);
  try {
    await registry.enthrone(target, new Date());
  } finally {
    await release();
  }
  const said = { from: champion, to: target };
  console.log(options.json ? JSON.stringify(said) : `the champion was ${champion} and is ${target}`);
  return EXIT.done;
}
