import { everywhere } from './changes.ts';
import type { Change, Defect } from './defect.ts';

const type = 'AWS::IAM::Policy';
const policyOf = (name: string) => new RegExp(`/Access/${name}/`);

/** Gives the rights of the data engineers, who read every zone. */
const asEngineer: Change = (resource, { template }) => {
  const engineers = Object.values(template.Resources).find(
    ({ Type, Metadata }) => Type === type && policyOf('DataEngineer').test(`${Metadata?.['aws:cdk:path']}`),
  );
  if (resource.Properties) resource.Properties.PolicyDocument = engineers?.Properties?.PolicyDocument;
};

/** Puts a wider word in place of the last part of each ARN that ends so. */
function widen(end: RegExp, wider: string): Change {
  return everywhere('Fn::Join', (it) => {
    it['Fn::Join'] = JSON.parse(JSON.stringify(it['Fn::Join']).replace(end, wider));
  });
}

/** Rights that no rule can tell from others: only who may do what, cell by cell, shows them. */
export const rightsDefects: readonly Defect[] = [
  {
    id: 'analysts-as-engineers',
    weakens: 'Analysts read raw rows.',
    type,
    place: policyOf('DataAnalyst'),
    change: asEngineer,
  },
  {
    id: 'marketing-as-engineers',
    weakens: 'Marketing reads raw rows.',
    type,
    place: policyOf('Marketing'),
    change: asEngineer,
  },
  {
    id: 'direction-as-engineers',
    weakens: 'The direction reads raw rows.',
    type,
    place: policyOf('Direction'),
    change: asEngineer,
  },
  {
    id: 'marketing-sees-tables',
    weakens: 'Marketing sees every table of the lake.',
    type,
    place: policyOf('Marketing'),
    change: widen(/:table\/([a-z_]+)\/[a-z_]+"\]\]$/, ':table/$1/*"]]'),
  },
  {
    id: 'analysts-read-more',
    weakens: 'Analysts read what lies beside their rows.',
    type,
    place: policyOf('DataAnalyst'),
    change: widen(/\/bookings\/\*"\]\]$/, '/b*"]]'),
  },
];
