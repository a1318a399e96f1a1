/** What can be wrong with a text or a JSON value before the limits of its column are looked at. */
export type CellRule = 'type' | 'enum' | 'scale' | 'precision';

/** A cell that holds no value of its column. */
export class CellFault {
  readonly rule: CellRule;

  constructor(rule: CellRule) {
    this.rule = rule;
  }
}

/** One fault for each rule, because they are compared by identity and made for every bad cell. */
export const CELL_FAULTS: Readonly<Record<CellRule, CellFault>> = {
  type: new CellFault('type'),
  enum: new CellFault('enum'),
  scale: new CellFault('scale'),
  precision: new CellFault('precision'),
};
