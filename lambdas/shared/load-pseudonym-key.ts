import type { SSMClient } from '@aws-sdk/client-ssm';
import { type PseudonymKey, pseudonymKey } from '../../core/etl/pseudonym.ts';

/**
 * The pseudonym key from the parameter store: an encrypted parameter that holds `{"version": 1, "secret": "<base64>"}`.
 *
 * Throws where it is not that; no message holds any part of it.
 */
export async function loadPseudonymKey(name: string, client?: SSMClient): Promise<PseudonymKey> {
  const sdk = await import('@aws-sdk/client-ssm');
  const { Parameter } = await (client ?? new sdk.SSMClient()).send(
    new sdk.GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  const { version, secret } = parse(Parameter?.Value ?? '', name);
  return pseudonymKey(version, Buffer.from(secret, 'base64'));
}

/** Asks for the key once in the life of the process; a failure is asked again. */
export function keptPseudonymKey(name: string): () => Promise<PseudonymKey> {
  let key: Promise<PseudonymKey> | undefined;
  return () => {
    key ??= loadPseudonymKey(name).catch((error) => {
      key = undefined;
      throw error;
    });
    return key;
  };
}

function parse(text: string, name: string): { readonly version: number; readonly secret: string } {
  try {
    const { version, secret } = JSON.parse(text) as { readonly version?: unknown; readonly secret?: unknown };
    if (typeof version === 'number' && typeof secret === 'string') return { version, secret };
  } catch {
    // Told below: a parser's message may quote the secret.
  }
  throw new Error(`parameter ${name} is no pseudonym key, expected JSON with a version and a secret in base64`);
}
