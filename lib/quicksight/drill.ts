import type { VisualCustomAction } from '@aws-sdk/client-quicksight';
import { drillOf, type Visual } from '../../core/dashboards/types.ts';
import { fieldId, type Place } from './fields.ts';
import { TEXTS } from './texts.ts';

/** A click sets the parameter of the filter, as the control does. Where the filter reaches nothing, there is no click. */
export function drill({ set, parameters, language }: Place, visual: Visual): VisualCustomAction[] {
  const click = drillOf(visual);
  const filter = set.filters.find(({ id }) => id === click?.filter);
  const parameter = filter === undefined ? undefined : parameters[filter.id];
  if (click === undefined || filter === undefined || parameter === undefined) return [];
  const value = { DestinationParameterName: parameter, Value: { SourceField: fieldId(visual, click.by) } };
  return [
    {
      CustomActionId: `${visual.id}-drill`,
      Name: `${TEXTS.filterBy[language]} ${filter.label[language].toLowerCase()}`,
      Status: 'ENABLED',
      Trigger: 'DATA_POINT_CLICK',
      ActionOperations: [{ SetParametersOperation: { ParameterValueConfigurations: [value] } }],
    },
  ];
}
