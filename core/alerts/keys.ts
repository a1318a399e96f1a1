/** Where alerts keep what they know, in curated/. */

/** Folder of the state of a dataset's alerts. */
export function alertsPrefix(dataset: string): string {
  return `alerts/${dataset}/`;
}

export function alertsKey(dataset: string): string {
  return `${alertsPrefix(dataset)}state.json`;
}

/** Folder of what was sent to a chat; no dataset may bear its name. */
export const SENT_PREFIX = alertsPrefix('sent');

/** Ids of the last messages that were sent. */
export const SENT_KEY = `${SENT_PREFIX}ids.json`;
