import type { AlertSet } from './types.ts';

/** Throws one sentence for the first rule that could never be raised, never be cleared or never be told apart. */
export function defineAlerts(set: AlertSet): AlertSet {
  const known = new Set<string>();
  for (const { id, raiseWhen, raiseAt, clearAt, leastN, consecutive, everyMinutes } of set.rules) {
    const refuse = (found: string) => {
      throw new Error(`the alert '${id}' of ${set.dataset} ${found}`);
    };
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) refuse('has an id that is not kebab-case');
    if (known.has(id)) refuse('is there twice, expected an id of its own');
    known.add(id);
    const isGood = raiseWhen === 'above' ? clearAt < raiseAt : clearAt > raiseAt;
    if (!isGood) refuse(`is cleared at ${clearAt}, expected a value ${opposite(raiseWhen)} ${raiseAt}`);
    for (const [name, count] of Object.entries({ leastN, consecutive, everyMinutes })) {
      if (!Number.isInteger(count) || count < 1) refuse(`has ${name} ${count}, expected a whole number from 1`);
    }
  }
  return set;
}

function opposite(side: 'above' | 'below'): string {
  return side === 'above' ? 'below' : 'above';
}
