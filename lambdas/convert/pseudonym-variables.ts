import { blobValue, type DuckDBConnection } from '@duckdb/node-api';
import { type PseudonymKey, pseudonymise } from '../../core/etl/pseudonym.ts';

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

/**
 * Gives a connection the two padded keys of HMAC-SHA-256 (RFC 2104), which the bulk SQL takes from variables, so that
 * no secret ever stands in a query's text.
 */
export async function setPseudonymKey(connection: DuckDBConnection, key: PseudonymKey): Promise<void> {
  const block = new Uint8Array(BLOCK);
  block.set(key.secret.length > BLOCK ? await sha256(key.secret) : key.secret);
  await connection.run('SET VARIABLE hmac_inner = $1', [blobValue(block.map((byte) => byte ^ 0x36))]);
  await connection.run('SET VARIABLE hmac_outer = $1', [blobValue(block.map((byte) => byte ^ 0x5c))]);
  // The first character of any pseudonym is the version of its key.
  await connection.run('SET VARIABLE hmac_version = $1', [pseudonymise(key, '').slice(0, 1)]);
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(bytes).digest();
}
