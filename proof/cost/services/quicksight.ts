import { type Draft, nothing } from '../line.ts';
import type { Service, Use } from '../service.ts';

/** SPICE that comes with each author. */
const SPICE_GB = 10;

type People = Use['volumes']['people'];

const SEATS: readonly { readonly item: string; readonly price: string; readonly key: keyof People }[] = [
  { item: 'editors', price: 'quicksight.author', key: 'editors' },
  { item: 'readers', price: 'quicksight.reader', key: 'readers' },
  { item: 'pro editors', price: 'quicksight.author-pro', key: 'proEditors' },
  { item: 'pro readers', price: 'quicksight.reader-pro', key: 'proReaders' },
];

export const quicksight: Service = {
  name: 'QuickSight',
  types: ['AWS::QuickSight::Topic'],
  free: [
    'AWS::QuickSight::Analysis',
    'AWS::QuickSight::Dashboard',
    'AWS::QuickSight::DataSet',
    'AWS::QuickSight::DataSource',
    'AWS::QuickSight::Folder',
    'AWS::QuickSight::RefreshSchedule',
    'AWS::QuickSight::Template',
    'AWS::QuickSight::Theme',
  ],
  drafts({ lake, volumes: { people } }) {
    if (lake.ofService('AWS::QuickSight::').length === 0) {
      return [
        nothing(
          'QuickSight',
          'seats',
          'nothing of QuickSight is synthesised: dashboards are opt-in, and without them nobody needs a seat',
        ),
      ];
    }
    return [...seats(people), ...fees(people, lake.ofType('AWS::QuickSight::Topic').length)];
  },
};

function seats(people: People): Draft[] {
  return SEATS.map(({ item, price, key }) => {
    const quantity = Number(people[key]);
    return { service: 'QuickSight', item, price, quantity, how: 'seats' };
  });
}

function fees(people: People, topics: number): Draft[] {
  const pro = people.proEditors + people.proReaders;
  const authors = people.editors + people.proEditors;
  const spice = Math.max(0, people.spiceGB - authors * SPICE_GB);
  return [
    fee(
      'infrastructure fee',
      'quicksight.infrastructure',
      pro + topics > 0,
      `${pro} pro users, ${topics} topics`,
      'one pro user or one topic switches on a fee for the whole account',
    ),
    fee(
      'pixel-perfect reports',
      'quicksight.pixel-perfect',
      people.pixelPerfectReports,
      'paginated reports are switched on',
      'a fee for the account; also CSV, Excel and PDF snapshots need it',
    ),
    {
      service: 'QuickSight',
      item: 'SPICE',
      price: 'quicksight.spice',
      quantity: spice,
      how: `${people.spiceGB} GB − ${authors} authors × ${SPICE_GB} GB, not below 0`,
    },
  ];
}

function fee(item: string, price: string, isOn: boolean, how: string, trap: string): Draft {
  if (!isOn) return nothing('QuickSight', item, `not switched on; ${trap}`);
  return { service: 'QuickSight', item, price, quantity: 1, how, trap };
}
