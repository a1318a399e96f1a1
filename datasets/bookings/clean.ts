import type { CleanRule } from '../../core/contract/plan.ts';

export const clean: readonly CleanRule[] = [];
