/** Logits are whole numbers of hundredths, so that sums of them are exact. */
export const CENTILOGIT = 100;
const LARGEST = 15 * CENTILOGIT;

/**
 * For each logit the random number of 32 bits below which the event happens: its probability times 2^32.
 *
 * The table replaces `Math.exp`, whose last bit differs between JavaScript engines.
 */
const THRESHOLDS = Float64Array.from({ length: 2 * LARGEST + 1 }, (_, place) => {
  return Math.floor(2 ** 32 / (1 + exponential((LARGEST - place) / CENTILOGIT)));
});

/** Whether an event of this log-odds happens for a random whole number of 32 bits. */
export function happens(centilogits: number, random: number): boolean {
  const place = Math.min(Math.max(centilogits + LARGEST, 0), 2 * LARGEST);
  return random < (THRESHOLDS[place] as number);
}

/** e to the power of x from additions and multiplications alone: (x / 2^12 by its series) squared twelve times. */
function exponential(x: number): number {
  const small = x / 4096;
  let result = 1 + small * (1 + (small / 2) * (1 + (small / 3) * (1 + small / 4)));
  for (let i = 0; i < 12; i++) result *= result;
  return result;
}
