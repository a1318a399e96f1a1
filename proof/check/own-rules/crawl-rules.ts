import { all, expectSome, expectValue, type Rule, unexpected } from './rule.ts';

const CRAWLER = 'AWS::Glue::Crawler';

export const crawlRules: readonly Rule[] = [
  {
    id: 'crawler-harmless',
    meaning: 'A crawler writes what it saw into a database of its own and deletes nothing there.',
    types: [CRAWLER],
    test: ({ properties }, lake) => {
      const tables = lake.ofType('AWS::Glue::Table').map((table) => table.properties.DatabaseName);
      return all(
        expectValue(properties, 'SchemaChangePolicy.DeleteBehavior', 'LOG'),
        tables.includes(properties.DatabaseName)
          ? unexpected('DatabaseName', properties.DatabaseName, 'one without tables of contracts')
          : undefined,
      );
    },
  },
  {
    id: 'crawler-runs',
    meaning: 'A crawler runs by itself.',
    types: [CRAWLER],
    test: ({ properties }) => all(expectSome(properties, 'Schedule.ScheduleExpression', 'a schedule')),
  },
  {
    id: 'quality-promises',
    meaning: 'Every set of quality rules holds the key of its rows to be unique, and that there are rows.',
    types: ['AWS::Glue::DataQualityRuleset'],
    test: ({ properties: { Ruleset: rules } }) =>
      all(
        /\bgroup by [^)]+ having count\(\*\) > 1\)/.test(`${rules}`)
          ? undefined
          : 'no rule on the key, expected a count of the keys that stand twice',
        /\bRowCount >/.test(`${rules}`) ? undefined : 'no rule on the number of rows, expected RowCount',
      ),
  },
];
