import type { Dashboard } from '../../core/dashboards/types.ts';

/** Those for whom a dashboard is made: the first word of its audience, such as `direction`. */
export function roleOf({ audience }: Dashboard): string {
  return audience.en.toLowerCase().split(/[^a-z]/)[0] ?? '';
}
