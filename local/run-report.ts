import { relative } from 'node:path';
import { valueText } from '../core/answers/answer-value.ts';
import { datasetNamed, datasets } from '../datasets/index.ts';
import { SQL_ROOT } from './curated-sql.ts';
import { openEngine } from './engine.ts';
import { openFileStore } from './file-store.ts';
import type { LearnedLake } from './model/learn-lake.ts';
import type { RunSummary } from './run-summary.ts';
import { readQueries } from './sql-library.ts';
import { renderTable } from './terminal/table.ts';

const SHOWN_REASONS = 10;

/** Prints what a run did and first answers: the account, reasons, rates, times, where things lie and what to try next. */
export async function printReport(summary: RunSummary, lake: string, model?: LearnedLake): Promise<void> {
  const sections = [
    accountOf(summary),
    ...reasonsOf(summary),
    ...cleanedOf(summary),
    ...(await answersOf(summary.dataset, lake)),
    ...(model === undefined ? [] : [modelOf(model)]),
    stagesOf(summary),
    filesOf(summary),
    nextOf(summary, lake),
  ];
  console.log(`\n${sections.join('\n\n')}`);
}

function accountOf({ inputs, rowsIn, accepted, rejected, duplicates }: RunSummary): string {
  const head = ['file', 'rows in', '= accepted', '+ rejected', '+ duplicates', 'state', 'read as'];
  const rows = inputs.map((it) => [it.name, it.rowsIn, it.accepted, it.rejected, it.duplicates, it.status, it.format]);
  const total = inputs.length > 1 ? [['all files', rowsIn, accepted, rejected, duplicates, '', '']] : [];
  const warnings = inputs.flatMap(({ name, warnings }) => warnings.map((warning) => `  ${name}: ${warning}`));
  return [title('Ledger'), renderTable(head, [...rows, ...total]), ...warnings].join('\n');
}

function reasonsOf({ rejectedByReason, rejected }: RunSummary): string[] {
  if (rejected === 0) return [];
  const reasons = Object.entries(rejectedByReason);
  const more = reasons.length > SHOWN_REASONS ? [`… and ${reasons.length - SHOWN_REASONS} reasons more`] : [];
  return [
    [title('Rejected, by reason'), renderTable(['reason', 'rows'], reasons.slice(0, SHOWN_REASONS)), ...more].join(
      '\n',
    ),
  ];
}

function cleanedOf({ cleaned }: RunSummary): string[] {
  const rules = Object.entries(cleaned);
  return rules.length === 0 ? [] : [[title('Repaired, by rule'), renderTable(['rule', 'rows'], rules)].join('\n')];
}

/** The named queries that ask to stand in the report, in their order. */
async function answersOf(dataset: string, lake: string): Promise<string[]> {
  const plan = datasetNamed(dataset);
  const queries = (await readQueries(SQL_ROOT, plan.name))
    .filter(({ report }) => report !== undefined)
    .sort((a, b) => Number(a.report) - Number(b.report));
  const engine = await openEngine(await openFileStore(lake), datasets, { estimatesScans: false });
  try {
    const sections: string[] = [];
    for (const query of queries) {
      const { columns, rows } = await engine.query(query.sql, {}, query.parameters);
      const table = renderTable(
        columns.map(({ name }) => name),
        rows.map((row) => row.map((value) => (typeof value === 'object' && value !== null ? valueText(value) : value))),
      );
      sections.push([title(query.title), rows.length > 0 ? table : 'no rows'].join('\n'));
    }
    return sections;
  } finally {
    await engine.close();
  }
}

function modelOf({ version, isNew, scored, judged, alarms, notes, seconds }: LearnedLake): string {
  const count = (value: number) => value.toLocaleString('en');
  const trained = isNew ? `, trained in ${seconds.train.toFixed(1)} s` : '';
  const lines = [
    version === undefined
      ? 'no model yet'
      : `${version}${trained}: ${count(scored)} bookings scored in ${seconds.score.toFixed(1)} s`,
    ...(judged > 0 ? [`judged by the outcomes of ${count(judged)} bookings that it did not learn from`] : []),
    ...alarms.map((alarm) => `ALARM ${alarm}`),
    ...notes,
  ];
  return [title('Model'), ...lines.map((line) => `  ${line}`)].join('\n');
}

function stagesOf({ stages, seconds }: RunSummary): string {
  const rows = stages.map((stage) => [stage.name, stage.rows, stage.seconds.toFixed(2), stage.rowsPerSecond]);
  const table = renderTable(
    ['stage', 'rows', 'seconds', 'rows a second'],
    [...rows, ['all', null, seconds.toFixed(2), null]],
  );
  return [title('Time'), table].join('\n');
}

function filesOf({ files, curated }: RunSummary): string {
  const tables = curated.map(({ table, rows }) => `${table} ${rows.toLocaleString('en')} rows`).join(', ');
  const lines = [
    `  curated    ${here(files.curated)}   (${tables})`,
    `  processed  ${here(files.processed)}`,
    `  rejected   ${here(files.rejected)}`,
  ];
  return [title('Where it lies'), ...lines].join('\n');
}

function nextOf({ dataset, rejected }: RunSummary, lake: string): string {
  const where = lake === '.lake' ? '' : ` --lake ${lake}`;
  return [
    title('Try next'),
    `  npx laketwin query${where} "select count(*) from ${dataset}"`,
    `  npx laketwin query${where} --list`,
    ...(rejected > 0 ? [`  npx laketwin query${where} --file rejected-rows`] : []),
  ].join('\n');
}

function title(text: string): string {
  return process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text;
}

function here(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
