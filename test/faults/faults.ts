import { attackFaults } from './attack-faults.ts';
import { dataFaults } from './data-faults.ts';
import type { Fault } from './fault.ts';
import { machineFaults } from './machine-faults.ts';

/** Every fault, `F1` to `F42`. */
export const faults: readonly Fault[] = [...machineFaults, ...dataFaults, ...attackFaults].sort(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)),
);
