/** One pull in a process of its own, to be killed: `pull-child.ts LAKE DECLARATION`. */
import { pull } from '../../local/commands/pull.ts';

const [lake = '', source = ''] = process.argv.slice(2);
await pull({ lake, source, dataset: 'bookings', allowLoopback: true, json: true });
