/** A process that uses a lake in one way, for tests of what processes do to each other. */
import { once } from 'node:events';
import { openFileStore } from '../../local/file-store.ts';
import { LakeInUse, lockLake } from '../../local/lock.ts';

const [way = '', root = '', ...rest] = process.argv.slice(2);

const WAYS: Record<string, () => Promise<void>> = {
  /** Takes the lock, says so and holds it until it is killed. */
  async hold() {
    await lockLake(root);
    console.log('held');
    setInterval(() => {}, 1000);
  },
  /** At a given moment, tries for the lock once; a winner holds it until its standard input ends. */
  async race() {
    await until(Number(rest[0]));
    try {
      const release = await lockLake(root);
      console.log('won');
      await once(process.stdin.resume(), 'end');
      await release();
    } catch (error) {
      if (!(error instanceof LakeInUse)) throw error;
      console.log('lost');
    }
  },
  /** At a given moment, puts its own bytes under a hundred keys, each only if it is free; says which it won. */
  async put() {
    const store = await openFileStore(root);
    await until(Number(rest[0]));
    for (let n = 0; n < 100; n += 1) {
      const put = store.put('raw', `key ${n}`, `${process.pid}`.repeat(1000), { ifNoneMatch: '*' });
      if (await put.then(Boolean, () => false)) console.log(`won ${n}.`);
    }
  },
  /** Puts a given number of MiB and says how that went, as an ordinary user where it was started by the superuser. */
  async fill() {
    if (process.geteuid?.() === 0 && rest[1] === 'ordinary') process.seteuid?.(65534);
    try {
      const store = await openFileStore(root);
      await lockLake(root);
      await store.put('raw', 'large', Buffer.alloc(Number(rest[0]) * 1024 * 1024));
      console.log('put');
      process.exit(0);
    } catch (error) {
      console.log(String(error));
      process.exit(1);
    }
  },
};

async function until(moment: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, moment - Date.now()));
}

await WAYS[way]?.();
