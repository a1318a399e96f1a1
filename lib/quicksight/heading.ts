import type { VisualSubtitleLabelOptions, VisualTitleLabelOptions } from '@aws-sdk/client-quicksight';
import type { Visual } from '../../core/dashboards/types.ts';
import type { Place } from './fields.ts';
import { reaches } from './filters.ts';
import { TEXTS } from './texts.ts';

interface Heading {
  readonly Title: VisualTitleLabelOptions;
  readonly Subtitle: VisualSubtitleLabelOptions;
}

/** Title and question of a visual, and what a reader must know besides. */
export function heading(place: Place, visual: Visual, notes: readonly string[] = []): Heading {
  const { language, set, shown } = place;
  const isFiltered = set.filters.some((filter) => reaches(filter, shown));
  const unfiltered = isFiltered ? [] : [TEXTS.unfiltered[language]];
  return {
    Title: { Visibility: 'VISIBLE', FormatText: { PlainText: visual.title[language] } },
    Subtitle: {
      Visibility: 'VISIBLE',
      FormatText: { PlainText: [visual.question[language], ...notes, ...unfiltered].join(' ') },
    },
  };
}
