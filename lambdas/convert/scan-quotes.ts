/** How a physical line leaves the record it belongs to. */
export type QuoteState = 'whole' | 'open' | 'broken';

const QUOTE = 0x22;

/**
 * Follows the quotes of one physical line by RFC 4180.
 *
 * A quote opens a cell only as its first byte; elsewhere in an unquoted cell it is a character like any other. Within
 * quotes two of them stand for one, and a single one must be followed by a delimiter or the line end, else the line is
 * `broken`. `open` means that the line ends within quotes.
 *
 * @param open whether the line starts within quotes.
 */
export function scanQuotes(
  bytes: Uint8Array,
  start: number,
  end: number,
  delimiter: number,
  open: boolean,
): QuoteState {
  let at = start;
  let quoted = open;
  for (;;) {
    if (!quoted) {
      if (bytes[at] !== QUOTE || at >= end) {
        while (at < end && bytes[at] !== delimiter) at++;
        if (at >= end) return 'whole';
        at++;
        continue;
      }
      at++;
      quoted = true;
    }
    while (at < end && bytes[at] !== QUOTE) at++;
    if (at >= end) return 'open';
    at++;
    if (at >= end) return 'whole';
    if (bytes[at] === delimiter) quoted = false;
    else if (bytes[at] !== QUOTE) return 'broken';
    at++;
  }
}
