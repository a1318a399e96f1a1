import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { textsUnder } from '../../lib/quicksight/walk-definition.ts';
import { quicksightReview } from '../../scripts/quicksight-review.ts';
import { compiledSet, definitionOf } from './compiled.ts';

const page = quicksightReview();

test('docs/quicksight-review.md is what QuickSight is given: if not, run npm run docs', () => {
  expect(readFileSync(new URL('../../docs/quicksight-review.md', import.meta.url), 'utf8')).toBe(page);
});

test('the review names what readers see, and no id', () => {
  for (const { id } of compiledSet().set.dashboards) {
    const definition = definitionOf(id);
    for (const title of textsUnder(definition.Sheets, 'PlainText').filter((text) => !text.includes('?'))) {
      expect(page).toContain(title);
    }
    const ids = ['VisualId', 'FieldId', 'FilterGroupId', 'ElementId', 'CustomActionId'];
    for (const name of ids.flatMap((key) => textsUnder(definition, key))) expect(page).not.toContain(name);
  }
});
