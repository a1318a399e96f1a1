/**
 * A stream of random whole numbers from 0 to 2^32 - 1 (sfc32), the same on every machine for the same seed.
 *
 * Only 32-bit integer operations are used, which the language defines to the bit.
 *
 * @param seed any safe integer.
 * @param stream streams of one seed are independent of each other.
 */
export function randomStream(seed: number, stream: number): () => number {
  let a = mix(seed | 0);
  let b = mix(Math.floor(seed / 2 ** 32) ^ a);
  let c = mix(stream ^ b);
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Spreads the bits of a whole number of 32 bits; used to draw a value that always belongs to the same number. */
export function mix(value: number): number {
  let bits = (value + 0x9e3779b9) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
