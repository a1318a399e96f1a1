import type { LakeContents } from './lake-relations.ts';

/** The same error, or one that says in the words of the lake what was wrong and what would be right. */
export function explainQueryError(error: unknown, lake: LakeContents, timeoutSeconds: number | undefined): unknown {
  if (!(error instanceof Error)) return error;
  const message = error.message.replace(/^Failed to extract statements: /, '');
  const sentence = sentenceFor(message, lake, timeoutSeconds) ?? message;
  return sentence === error.message ? error : new Error(sentence, { cause: error });
}

function sentenceFor(message: string, lake: LakeContents, timeoutSeconds: number | undefined): string | undefined {
  if (/^INTERRUPT Error/i.test(message)) return `the query was stopped after ${timeoutSeconds} seconds: ask for less`;
  if (/file system operations are disabled|Loading external extensions is disabled/.test(message))
    return `a query reads the relations of the lake and no other file, and writes none: ${relations(lake)}`;
  if (/configuration has been locked/.test(message)) return 'a query only reads: it cannot change settings';
  const missing = /^Catalog Error: Table with name (\S+) does not exist/.exec(message)?.[1];
  return missing === undefined ? undefined : `there is no relation '${missing}', expected one of ${relations(lake)}`;
}

function relations({ relations, views }: LakeContents): string {
  return [...relations, { name: 'ledger' }, { name: 'ledger_reasons' }, ...views].map(({ name }) => name).join(', ');
}
