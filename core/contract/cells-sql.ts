/** Cutting one line of a source into the texts of its cells, in DuckDB SQL. */
import { sqlText } from './duckdb-type.ts';

/** What framing puts for a line break within quotes. */
const JOINED_LINES = 'chr(30)';

/** Most columns of a csv for which a regular expression with a group for each is worth its while. */
const MOST_GROUPS = 100;

/**
 * The cells of a csv line as a list, or NULL where the quotes are the row reader's business.
 *
 * A line without quotes is split. So is a fully quoted one, at `","`, which is right where no cell holds a quote of its
 * own: then there are two quotes a cell. All others are cut by a regular expression with a group for each cell.
 */
export function csvCells(line: string, delimiter: string, width: number): string {
  const between = sqlText(delimiter);
  const quotes = `strlen(${line}) - strlen(replace(${line}, '"', ''))`;
  return `CASE
      WHEN NOT contains(${line}, '"') THEN string_split(${line}, ${between})
      WHEN contains(${line}, ${JOINED_LINES}) THEN NULL
      WHEN starts_with(${line}, '"') AND ends_with(${line}, '"') AND ${quotes} = ${2 * width}
        THEN string_split(substr(${line}, 2, length(${line}) - 2), ${sqlText(`"${delimiter}"`)})
      ELSE ${width > MOST_GROUPS ? 'NULL' : cellsByGroups(line, delimiter, width)}
    END`;
}

/** The first group is the whole line: it is empty where the expression does not match. */
function cellsByGroups(line: string, delimiter: string, width: number): string {
  const mark = escaped(delimiter);
  const cell = `("(?:[^"]|"")*"|(?:[^"${mark}][^${mark}]*)?)`;
  const expression = sqlText(`^(${Array(width).fill(cell).join(mark)})$`);
  const places = Array.from({ length: width }, (_, place) => `c${place}`);
  const names = ['whole', ...places].map((name) => `'${name}'`).join(', ');
  const cells = places.map((name) => unquoted(`g.${name}`)).join(', ');
  // A list of one, so that the groups have a name and are found once.
  return `[CASE WHEN g.whole <> '' THEN [${cells}] END FOR g IN [regexp_extract(${line}, ${expression}, [${names}])]][1]`;
}

function unquoted(cell: string): string {
  return `CASE WHEN starts_with(${cell}, '"') THEN replace(substr(${cell}, 2, length(${cell}) - 2), '""', '"') ELSE ${cell} END`;
}

/**
 * The JSON of each name in an object as a list, or NULL where the line is not surely the JSON that JavaScript reads.
 *
 * DuckDB's parser is lenient (a comma too many, `NaN`) and rounds long numbers. So: no escapes, and the line is what
 * DuckDB would write itself, but for spaces and zeros after decimals. That no key comes twice is for `isEachKeyOnce`.
 */
export function jsonCells(line: string, names: readonly string[]): string {
  const paths = names.map((name) => sqlText(`$."${name}"`)).join(', ');
  const compact = (text: string) => `replace(${text}, ' ', '')`;
  const shorter = (text: string) => `regexp_replace(${compact(text)}, '(\\.[0-9]+?)0+([],}])', '\\1\\2', 'g')`;
  const own = `json(${line})::VARCHAR`;
  // The first comparison is for what JavaScript writes, and cheap.
  const same = `CASE WHEN ${own} = ${line} THEN true ELSE ${shorter(own)} = ${shorter(line)} END`;
  return `CASE WHEN starts_with(${line}, '{') AND NOT contains(${line}, '\\') AND NOT contains(${line}, 'NaN')
        AND NOT contains(${line}, 'Infinity') THEN
      CASE WHEN json_valid(${line}) THEN
        CASE WHEN ${same} THEN json_extract(${line}, [${paths}])::VARCHAR[] END
      END
    END`;
}

/**
 * Whether no key comes twice in an object: DuckDB takes the first of two, JavaScript the last. Where there are as many
 * keys as values were found, each is one of those looked for; only other lines are looked at more closely.
 *
 * @param line of which `jsonCells` is not NULL.
 * @param values that `jsonCells` found.
 */
export function isEachKeyOnce(line: string, values: readonly string[]): string {
  const keys = `json_keys(${line})`;
  const found = values.map((value) => `(${value} IS NOT NULL)::INTEGER`).join(' + ');
  return `CASE WHEN len(${keys}) = ${found} THEN true ELSE len(${keys}) = len(list_distinct(${keys})) END`;
}

/** The text of a JSON value; NULL for null and for a missing key. */
export function jsonText(json: string): string {
  return `CASE WHEN starts_with(${json}, '"') THEN substr(${json}, 2, length(${json}) - 2) WHEN ${json} <> 'null' THEN ${json} END`;
}

function escaped(character: string): string {
  return /[A-Za-z0-9]/.test(character) ? character : `\\x{${character.codePointAt(0)?.toString(16)}}`;
}
