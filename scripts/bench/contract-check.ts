/** Cost of checking a clean row: the generated validator against zod's own parse. */
import { compileValidator } from '../../core/contract/validator.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { cleanRows } from './clean-rows.ts';
import { type Figure, inTurn } from './figure.ts';

const ROWS = 100_000;
const ROUNDS = 7;

const rows = cleanRows(bookings, ROWS);
const { accepts } = compileValidator(bookings);

const seconds = await inTurn(ROUNDS, {
  ours: () => each((row) => accepts(row)),
  zod: () => each((row) => bookings.row.safeParse(row).success),
});
const nanoseconds = { ours: (seconds.ours / ROWS) * 1e9, zod: (seconds.zod / ROWS) * 1e9 };
const detail = `CPU, ${ROWS.toLocaleString('en')} valid bookings, ours ${nanoseconds.ours.toFixed(0)} ns, zod ${nanoseconds.zod.toFixed(0)} ns`;
const figures: Figure[] = [
  { name: 'contract check', measured: nanoseconds.ours, unit: 'ns a row', target: { atMost: 250 }, detail },
  {
    name: 'contract check against zod',
    measured: nanoseconds.zod / nanoseconds.ours,
    unit: '× faster',
    target: { atLeast: 3 },
    detail,
  },
];
console.log(JSON.stringify(figures));

function each(check: (row: unknown) => boolean): void {
  let accepted = 0;
  for (const row of rows) if (check(row)) accepted += 1;
  if (accepted !== ROWS) throw new Error(`${ROWS - accepted} valid rows were refused`);
}
