/** What an engine finds in a Parquet file. */
export interface EngineFile {
  /** Name and type of each column, the type in the engine's words. */
  readonly schema: readonly (readonly [name: string, type: string])[];
  /** The rows in the form of clean rows. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}
