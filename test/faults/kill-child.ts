/**
 * One delivery of a message, killed by SIGKILL within one window: `kill-child.ts LAKE KEY WINDOW MILLISECONDS FILES`.
 * It is killed so many milliseconds after the window opened, and at its end at the latest. `between` opens after the
 * data file of that number.
 */
import { tmpdir } from 'node:os';
import type { ObjectStore } from '../../core/ports.ts';
import { datasetNamed } from '../../datasets/index.ts';
import { convertEvents } from '../../lambdas/convert/convert-events.ts';
import { openFileStore } from '../../local/file-store.ts';
import { TEST_KEY } from '../convert-input.ts';
import { messageOf } from './notification.ts';

const [lake = '', key = '', window = '', milliseconds = '0', files = '1'] = process.argv.slice(2);
const store = await openFileStore(lake);
let written = 0;

const watched: ObjectStore = Object.assign(Object.create(store), {
  async putFile(...args: Parameters<ObjectStore['putFile']>) {
    if (window === 'before data') await die();
    const info = await store.putFile(...args);
    written += 1;
    if (window === 'between' && written === Number(files)) open();
    return info;
  },
  async put(...args: Parameters<ObjectStore['put']>) {
    if (window === 'between') await die();
    const info = await store.put(...args);
    if (window === 'before answer') open();
    return info;
  },
});

if (window === 'before data') open();
await convertEvents({
  store: watched,
  datasetNamed,
  loadPseudonymKey: async () => TEST_KEY,
  scratch: tmpdir(),
  report: () => {},
})({ Records: [messageOf(key)] });
await die();

function open(): void {
  setTimeout(die, Number(milliseconds));
}

/** Never returns: nothing that stands behind it is done. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}
