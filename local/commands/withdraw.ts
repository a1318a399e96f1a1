import { datasetNamed } from '../../datasets/index.ts';
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts';
import { withdraw as withdrawObject } from '../withdraw.ts';

export interface WithdrawOptions {
  readonly dataset: string;
  readonly lake: string;
  readonly json?: boolean;
}

/** Takes an object out of the lake, and says what that changed. */
export async function withdraw({ dataset, lake, json }: WithdrawOptions, id: string | undefined): Promise<ExitStatus> {
  if (id === undefined) throw new UsageError('withdraw needs the id of an object, or its beginning, from the ledger');
  const { entry, curated } = await withdrawObject({ lake, dataset: datasetNamed(dataset), id, now: () => new Date() });
  const rows = entry.accepted.toLocaleString('en');
  console.error(`${entry.name}: ${rows} rows are no longer seen; its bytes stay in raw, and taken in again it is new`);
  if (json) console.log(JSON.stringify({ withdrawn: entry, curated }, null, 2));
  return EXIT.done;
}
