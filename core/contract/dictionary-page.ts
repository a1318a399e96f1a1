/** The data dictionary page of a dataset, in Markdown. */
import { limitsInWords, typeInWords } from './field-limits.ts';
import { type Column, type DatasetPlan, type LakeField, type NamedField, type Origin, storedColumns } from './plan.ts';
import { privacyPlan } from './privacy-plan.ts';

/** The page as text, with a line break at its end. The same plan gives the same page. */
export function dictionaryPage(plan: DatasetPlan): string {
  const parts = [
    `# ${plan.name}`,
    plan.description,
    'Made from the contract by `npm run docs`; a change here is lost.',
    facts(plan),
    '## Columns',
    columnTable(plan),
    '## Privacy',
    privacyTable(plan),
    '## Cleaning',
    cleaning(plan),
  ];
  return `${parts.join('\n\n')}\n`;
}

function facts(plan: DatasetPlan): string {
  const { rawDays, rejectedDays, processedDays } = privacyPlan(plan);
  const of = (names: readonly string[]) => names.map(code).join(', ');
  return table(
    ['', ''],
    [
      ['Key', of(plan.key)],
      ['Newest version of a key', `the greatest ${of(plan.newestBy)}, in this order`],
      ['Partition', `${code(plan.partitionBy)}: the day on which Laketwin received the row, in UTC; in the path only`],
      ['Kept', `${processedDays} days processed, ${rawDays} days raw, ${rejectedDays} days rejected`],
      ['A run warns', `above ${Math.round(plan.maxRejectedShare * 10_000) / 100} % rejected rows, by exit status 3`],
    ],
  );
}

const ORIGINS: Record<Origin, string> = {
  source: 'source',
  position: 'source, else file and line',
  lake: 'Laketwin',
};

function columnTable(plan: DatasetPlan): string {
  const rows = storedColumns(plan).flatMap((column) => [
    [...cells(column.name, column, column.unit), column.description, column.privacy, ORIGINS[column.origin]],
    ...nested(column.name, column).map(([name, field, meaning]) => [...cells(name, field), meaning, '', '']),
  ]);
  return table(['Column', 'Type', 'Unit', 'Null', 'Limits', 'Meaning', 'Privacy', 'Origin'], rows);
}

function cells(name: string, field: LakeField, unit = ''): string[] {
  return [code(name), typeInWords(field.type), unit, field.nullable ? 'yes' : 'no', limitsInWords(field).join('; ')];
}

/** The fields within a list or a structure: `skills[]`, `salary.lowest`, `places[].city`. */
function nested(path: string, { type }: LakeField): (readonly [path: string, field: LakeField, meaning: string])[] {
  if (type.kind === 'array') return below(`${path}[]`, type.element, '');
  if (type.kind === 'struct')
    return type.fields.flatMap((field) => below(`${path}.${field.name}`, field, field.description));
  return [];
}

function below(path: string, field: LakeField | NamedField, meaning: string) {
  return [[path, field, meaning] as const, ...nested(path, field)];
}

function privacyTable(plan: DatasetPlan): string {
  const { columns, rawReaders } = privacyPlan(plan);
  const isPersonal = ({ privacy }: { readonly privacy: Column['privacy'] }) => privacy !== 'none';
  const rows = columns
    .filter(isPersonal)
    .map(({ column, privacy, readers, atIngestion, keptDays }) => [
      code(column),
      privacy,
      readers.join(', ') || 'nobody',
      atIngestion,
      `${keptDays} days`,
    ]);
  const raw = `Raw files and rejected rows hold the bytes as they came and are for the ${rawReaders.join(' and ')} only.`;
  if (rows.length === 0) return `No column holds personal data. ${raw}`;
  return `${raw} Columns that are not listed are free to read.\n\n${table(['Column', 'Class', 'Read by', 'At ingestion', 'Kept'], rows)}`;
}

function cleaning({ clean }: DatasetPlan): string {
  if (clean.length === 0) return 'No rule: source texts are typed as they are.';
  const rows = clean.map(({ name, column, description }) => [code(name), code(column), description]);
  return `Applied to the source text in this order; each run counts the rows that a rule changed.\n\n${table(['Rule', 'Column', 'What it does'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]) => `| ${texts.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Markdown splits a row at every bar, in code too, and takes a bracket outside of code for HTML. */
function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return line
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')))
    .join('');
}

function code(text: string): string {
  return `\`${text}\``;
}
