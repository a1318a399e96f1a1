/** How a command ends: scripts rely on these. */
export const EXIT = {
  done: 0,
  /** The work could not be done; the lake is as it was. */
  failed: 1,
  /** The command was not understood. */
  usage: 2,
  /** Done, but more rows were rejected than the dataset allows. */
  aboveLimit: 3,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** A command that was called wrongly: ends with status 2 and its message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
