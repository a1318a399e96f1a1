import { expect, test } from 'vitest';
import { jobOffers } from '../../test/fixtures/job-offers.ts';
import { dictionaryPage } from './dictionary-page.ts';

test('a page names the fields within lists and structures', () => {
  const page = dictionaryPage(jobOffers);
  expect(page).toContain('| `skills[]` | text |  | no | at most 100 characters |');
  expect(page).toContain('| `salary.lowest` | decimal(10,2) |  | yes |  | From. |');
  expect(page).toContain('| `places[].latitude` | number |  | yes | -90 to 90 |');
});

test('a bar, a bracket or a line break in a text breaks no table', () => {
  const [column] = jobOffers.columns;
  const odd = { ...jobOffers, columns: [{ ...column, description: 'a|b\n<script>', pattern: '^(a|b)$' }] };
  const line = dictionaryPage(odd as typeof jobOffers)
    .split('\n')
    .find((it) => it.startsWith('| `offer_id` | text'));
  expect(line).toContain('a\\|b &lt;script>');
  expect(line).toContain('`^(a\\|b)$`');
  expect(line?.replaceAll('\\|', '').split('|').length).toBe(10);
});

test('a dropped column stands under privacy and not among the columns', () => {
  const [before, after] = dictionaryPage(jobOffers).split('## Privacy');
  expect(before).not.toContain('contact_email');
  expect(after).toContain('| `contact_email` | drop | nobody | left out; never stored | 0 days |');
});
