import { ask } from './api.ts';
import { type DeployedLake, resourceAt } from './lake.ts';

/** The lines of a log group that hold the text. */
export async function logged(lake: DeployedLake, place: string, text: string): Promise<string[]> {
  const logGroupName = resourceAt(lake, place).physicalId;
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ask<{ events?: { message: string }[]; nextToken?: string }>(
      lake.emulator,
      'logs',
      'Logs_20140328.FilterLogEvents',
      { logGroupName, limit: 10_000, ...(nextToken && { nextToken }) },
    );
    lines.push(...(page.events ?? []).map(({ message }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines.filter((line) => line.includes(text));
}
