import { type Column, type DatasetPlan, sourceColumns } from '../contract/plan.ts';
import { type CleanCell, compileCleaner } from './clean-row.ts';
import { compilePseudonymiser, normalise, type PseudonymKey } from './pseudonym.ts';

/** What a person is looked for by: the identifier as it came, or what stands for it in the lake. */
export type SoughtPerson = { readonly identifier: string } | { readonly pseudonym: string };

/** Tells the values of one person from others, by the contract of a dataset. */
export interface PersonMatcher {
  /** Columns that may name a person; those that are dropped stand in raw/ only. */
  readonly columns: readonly Column[];
  /** Whether a source text of this column names the person. */
  readonly isNamedBy: (column: Column, text: string) => boolean;
  /** Whether a text of no known column is the identifier. */
  readonly is: (text: string) => boolean;
  /** Whether the identifier stands in a text, with neither a letter nor a digit right before or behind it. */
  readonly isIn: (text: string) => boolean;
  /** What stands for the person in a column of pseudonyms; undefined in another, which holds values as they came. */
  readonly pseudonymIn: (column: Column) => string | undefined;
  /** Whether a stored value of this column is the person's. */
  readonly isStoredAs: (column: Column, value: string) => boolean;
}

/** What parts the words of a text that could not be read as a row; a mail address or a number with dashes is one word. */
const BETWEEN_WORDS = /[\s,;|"'{}[\]()<>=:\\]+/;
const ESCAPED = /\\u([0-9a-fA-F]{4})/g;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/**
 * Looks for a person in columns of text that the contract calls personal, by the pseudonym that the lake itself would
 * make, so that another letter case or Unicode form is the same person. By a pseudonym alone, values that are stored
 * or dropped as they came are found too, for their pseudonym is made in passing.
 *
 * Throws where a pseudonym or an identifier is none; the message does not repeat it.
 */
export function compilePerson(plan: DatasetPlan, key: PseudonymKey, sought: SoughtPerson): PersonMatcher {
  const pseudonymise = compilePseudonymiser(key);
  const cleaners = compileCleaner(plan);
  const clean = ({ name }: Column, text: string) => cleanedBy(cleaners.get(name), text);
  const columns = sourceColumns(plan).filter(({ privacy, type }) => privacy !== 'none' && type.kind === 'string');
  const given = 'identifier' in sought ? sought.identifier : sought.pseudonym;
  if (normalise(given) === '') throw new Error('the person is given by nothing but spaces, expected an identifier');
  if ('pseudonym' in sought && !/^[0-9A-Za-z][\w-]{21}$/.test(given))
    throw new Error('what is given is no pseudonym, which has 22 letters, digits, - and _; is it the identifier?');
  const targets = new Map(columns.map((column) => [column.name, targetOf(column)]));
  const plain = targetOf(undefined);
  const isNamedBy = (column: Column, text: string) => pseudonymise(clean(column, text)) === targets.get(column.name);
  const is = (text: string) => pseudonymise(text) === plain || columns.some((column) => isNamedBy(column, text));

  const pseudonymIn = ({ name, privacy }: Column) => (privacy === 'pseudonym' ? targets.get(name) : undefined);

  function targetOf(column: Column | undefined): string {
    if ('pseudonym' in sought) return sought.pseudonym;
    return pseudonymise(column === undefined ? sought.identifier : clean(column, sought.identifier));
  }

  return {
    columns,
    isNamedBy,
    is,
    isIn(text) {
      const unescaped = text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
      if ('identifier' in sought && standsIn(normalise(unescaped), normalise(sought.identifier))) return true;
      return unescaped.split(BETWEEN_WORDS).some((word) => word !== '' && is(word));
    },
    pseudonymIn,
    isStoredAs: (column, value) =>
      column.privacy === 'pseudonym' ? value === pseudonymIn(column) : isNamedBy(column, value),
  };
}

function cleanedBy(clean: CleanCell | undefined, text: string): string {
  return clean === undefined ? text : clean(text, []);
}

function standsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text.charAt(at - 1);
    const behind = text.charAt(at + word.length);
    if (!LETTER_OR_DIGIT.test(before) && !LETTER_OR_DIGIT.test(behind)) return true;
  }
  return false;
}
