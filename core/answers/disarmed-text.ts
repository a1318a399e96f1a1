/** Text that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it. */
export function disarmedText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
