/**
 * One erasure in a process of its own, to be killed: `erase-child.ts LAKE SQL EFFECTS`. It kills itself by SIGKILL behind so
 * many effects on the file system, never where none are given. Says `started`, then how many effects it had.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { eraseFromLake } from '../../local/erase.ts';
import { ERASED_AT, PERSON, PLAN } from './erasure-lake.ts';

const [lake = '', sqlRoot = '', last = '0'] = process.argv.slice(2);
let effects = 0;

// What makes a file seen, replaces or removes it: everything else happens to temporary files.
const files = createRequire(import.meta.url)('node:fs/promises') as Record<
  string,
  (...args: unknown[]) => Promise<void>
>;
for (const name of ['link', 'rename', 'rm']) {
  const real = files[name];
  files[name] = async (...args) => {
    await real?.(...args);
    effects += 1;
    if (effects === Number(last)) process.kill(process.pid, 'SIGKILL');
  };
}
syncBuiltinESMExports();

console.log('started');
await eraseFromLake({
  lake,
  sqlRoot,
  dataset: PLAN,
  person: { identifier: PERSON },
  now: () => new Date(ERASED_AT),
  confirm: async () => true,
});
console.log(`${effects} effects`);
