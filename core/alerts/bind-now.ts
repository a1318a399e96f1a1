/** Puts the moment in the place of `:now`: as text, since Athena's own parameters have no names. */
export function bindNow(sql: string, now: Date): string {
  return sql.replace(/(?<![:\w]):now\b/g, () => `'${now.toISOString()}'`);
}
