/** One backfill in a process of its own, to be killed: `backfill-child.ts LAKE NOW FROM TO`. Says `started`. */
import { backfillLake } from '../../local/backfill.ts';
import { DESPITE, RULES_TODAY } from './backfill-rules.ts';

const [lake = '', now = '', from = '', to = ''] = process.argv.slice(2);
console.log('started');
await backfillLake({ lake, dataset: RULES_TODAY, from, to, now: () => new Date(now), despite: DESPITE });
console.log('done');
