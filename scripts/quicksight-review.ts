import { dashboardsOf } from '../datasets/dashboards.ts';
import { datasets } from '../datasets/index.ts';
import { compileSet } from '../lib/quicksight/compile-set.ts';
import { reviewPage } from '../lib/quicksight/review-page.ts';
import { viewSources } from '../lib/quicksight/view-sources.ts';

/** The text of docs/quicksight-review.md. */
export function quicksightReview(): string {
  return reviewPage(compileSet(dashboardsOf('bookings'), viewSources(), datasets, 'en'));
}
