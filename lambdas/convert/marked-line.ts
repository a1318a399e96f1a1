/** A physical line that belongs to the record above it, or a blank one. */
export const PLACEHOLDER = 0x1e;

/** What stands in a JSON array for an element that was erased: no record, but its number is kept. */
export const ERASED_ELEMENT = Buffer.from('"\\u001e"');

/** Bytes kept of a line or element that is too long to be kept whole. */
export const KEPT_BYTES = 4096;

/** Reasons that framing itself can give. */
export type FramingReason = 'row:quote' | 'row:encoding' | 'row:too_long' | 'row:json' | 'row:cell';

/** A finished rejection, line end included; `raw` may be the start only of `byteLength` bytes. */
export function rejectedLine(reason: FramingReason, message: string, raw: Uint8Array, byteLength = raw.length): Buffer {
  return Buffer.from(`\x1d${reason}\t${message}\t${byteLength}\t${base64(raw)}\n`, 'latin1');
}

/** A line whose bytes only a row reader should look at, line end included. */
export function oddLine(raw: Uint8Array): Buffer {
  return Buffer.from(`\x1c${base64(raw)}\n`, 'latin1');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
