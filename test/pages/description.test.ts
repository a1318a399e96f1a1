import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { storedColumns } from '../../core/contract/plan.ts';
import { capabilityMatrix, TARGETS } from '../../core/dashboards/capabilities.ts';
import { lintDashboards, type Sources } from '../../core/dashboards/lint.ts';
import { LANGUAGES, visualsOf } from '../../core/dashboards/types.ts';
import { visualSql } from '../../core/dashboards/visual-sql.ts';
import { CHECK_RESULTS } from '../../core/lake/check-results.ts';
import { bookings } from '../../datasets/bookings/contract.ts';
import { bookingDashboards as set } from '../../datasets/bookings/dashboards.ts';
import { SQL_ROOT } from '../../local/curated-sql.ts';
import { checkDialect } from '../../local/dialect.ts';
import { readSql } from '../../local/sql-library.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const SOURCES: Sources = {
  ...(JSON.parse(read('sql/bookings/view-columns.json')) as Sources),
  check_results: Object.entries(CHECK_RESULTS).map(([name, { type }]) => ({ name, athenaType: type.kind })),
};

test('the description of the bookings has no fault', () => {
  const columns = [...storedColumns(bookings).map(({ name }) => name), 'event_date'];
  expect(lintDashboards(set, SOURCES, columns)).toEqual([]);
});

test('every visual has a title and a question in each language', () => {
  for (const { title, question } of visualsOf(set))
    for (const language of LANGUAGES) {
      expect(title[language].length).toBeGreaterThan(3);
      expect(question[language]).toMatch(/\?$/);
    }
});

test('the SQL of every visual is in the dialect that Athena shares, with and without filters, and holds no chosen value', async () => {
  const views = await readSql(SQL_ROOT, 'bookings', 'views');
  const selection = { channel: ["x' or 1=1"], dates: ['2026-01-01', '2026-02-01'] };
  for (const visual of visualsOf(set)) {
    const { sql, parameters, isFiltered } = visualSql(set, visual, views, selection);
    expect(() => checkDialect(sql)).not.toThrow();
    expect(sql).not.toContain('1=1');
    expect(sql).not.toContain('2026-01-01');
    expect(Object.values(parameters)).toEqual(isFiltered ? ["x' or 1=1", '2026-01-01', '2026-02-01'] : []);
    expect(() => checkDialect(visualSql(set, visual, views, {}).sql)).not.toThrow();
  }
});

test('docs/dashboards.md shows what each target can show', () => {
  const head = ['what', 'visuals', ...TARGETS];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...capabilityMatrix(set).map(line)].join('\n');
  expect(read('docs/dashboards.md')).toContain(table);
});
