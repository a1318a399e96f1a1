/** The columns of a QuickSight dataset over the table. */
import { type DatasetPlan, type LakeKind, storedColumns } from './plan.ts';
import { maskedColumns, type Role } from './privacy-plan.ts';

export interface QuickSightColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INTEGER' | 'DECIMAL' | 'DATETIME' | 'BOOLEAN';
  /** `FIXED` keeps four decimals exactly; only for decimal columns. */
  readonly subType?: 'FIXED' | 'FLOAT';
  readonly description: string;
}

/**
 * The stored columns that the role may read, in storage order. QuickSight has no lists and structures: a dashboard
 * reads those through a view that takes them apart.
 */
export function quicksightColumns(plan: DatasetPlan, role: Role = 'analyst'): QuickSightColumn[] {
  const masked = new Set(maskedColumns(plan, role));
  return storedColumns(plan)
    .filter(({ name }) => !masked.has(name))
    .flatMap(({ name, type, description, unit }) => {
      const shown = QUICKSIGHT_TYPES[type.kind];
      if (shown === undefined) return [];
      return [{ name, ...shown, description: unit === undefined ? description : `${description} In ${unit}.` }];
    });
}

type ColumnType = Pick<QuickSightColumn, 'type' | 'subType'>;

const QUICKSIGHT_TYPES: Record<LakeKind, ColumnType | undefined> = {
  string: { type: 'STRING' },
  enum: { type: 'STRING' },
  int32: { type: 'INTEGER' },
  int64: { type: 'INTEGER' },
  double: { type: 'DECIMAL', subType: 'FLOAT' },
  decimal: { type: 'DECIMAL', subType: 'FIXED' },
  boolean: { type: 'BOOLEAN' },
  date: { type: 'DATETIME' },
  timestamp: { type: 'DATETIME' },
  array: undefined,
  struct: undefined,
};
