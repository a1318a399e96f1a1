/** Where alerts keep what they know, in curated/. */

/** Folder of the state of a dataset's alerts. */
export function alertsPrefix(dataset: string): string {
  return `alerts/${dataset}/`;
}

export function alertsKey(dataset: string): string {
  return `${alertsPrefix(dataset)}state.json`;
}

/** Ids of the last messages that were sent to a chat; no dataset may bear its name. */
export const SENT_KEY = 'alerts/sent.json';
