import { type DatasetPlan, requiredColumns, sourceColumns } from '../contract/plan.ts';

/** Names of the fields of all records of a pull, to tell a change of the API's schema. */
export class RecordNames {
  readonly #plan: DatasetPlan;
  readonly #key: readonly string[];
  readonly #seen = new Set<string>();
  #records = 0;

  constructor(plan: DatasetPlan) {
    this.#plan = plan;
    this.#key = plan.columns
      .filter(({ name, origin }) => plan.key.includes(name) && origin === 'position')
      .map(({ name }) => name);
  }

  /**
   * Takes note of a record. Throws where it does not bear the key of the dataset: a file's rows can be known by their
   * lines, but the same record stands on another line at the next pull, and would be counted twice.
   */
  add(text: string): void {
    this.#records += 1;
    const record: unknown = JSON.parse(text);
    const isObject = typeof record === 'object' && record !== null && !Array.isArray(record);
    for (const name of isObject ? Object.keys(record) : []) {
      // More names than any table has columns are no schema, and would fill the memory.
      if (this.#seen.size < MOST_NAMES) this.#seen.add(name);
    }
    const lacking = this.#key.find(
      (name) => !isObject || !isFilled(Object.hasOwn(record, name) && Reflect.get(record, name)),
    );
    if (lacking === undefined) return;
    throw new Error(
      `record ${this.#records} bears no '${lacking}': without it, a record that is pulled twice would be counted twice`,
    );
  }

  /** What the API gives otherwise than the contract says. Throws where no record bears a column that must be there. */
  differences(): string[] {
    if (this.#records === 0) return [];
    const missing = requiredColumns(this.#plan)
      .map(({ name }) => name)
      .filter((name) => !this.#seen.has(name));
    if (missing.length > 0) {
      throw new Error(`no record bears ${listed(missing)}: records of ${this.#plan.name} need these columns`);
    }
    const known = new Set(sourceColumns(this.#plan).map(({ name }) => name));
    const unknown = [...this.#seen].filter((name) => !known.has(name));
    return unknown.length === 0 ? [] : [`unknown columns are left out: ${listed(unknown)}`];
  }
}

const MOST_NAMES = 10_000;

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `'${name.replaceAll(/\p{C}/gu, '?').slice(0, 60)}'`);
  return [...shown, ...(names.length > shown.length ? [`${names.length - shown.length} more`] : [])].join(', ');
}
