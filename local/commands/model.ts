import { resolve } from 'node:path';
import { bookingFeatures } from '../../datasets/bookings/features.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';
import { lockLake } from '../lock.ts';
import { Registry } from '../model/registry.ts';
import { renderCalibration, renderModels } from '../model/render-training.ts';
import { renderTable } from '../terminal/table.ts';

export interface ModelOptions {
  readonly lake: string;
  readonly to?: string;
  readonly json?: boolean;
}

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
            'what drives it',
            renderTable(
              ['feature', 'share of gain'],
              first.importance.slice(0, 12).map(({ feature, gain }) => [feature, gain]),
            ),
          ]),
      `live: ${versions.live.join(', ')}; archived: ${versions.archived.join(', ') || 'none'}`,
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
