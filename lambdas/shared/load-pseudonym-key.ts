import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { type PseudonymKey, pseudonymKey } from '../../core/etl/pseudonym.ts';

/**
 * The pseudonym key from the parameter store: an encrypted parameter that holds `{"version": 1, "secret": "<base64>"}`.
 *
 * Throws where it is not that; no message holds any part of it.
 */
export async function loadPseudonymKey(client: SSMClient, name: string): Promise<PseudonymKey> {
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  const { version, secret } = parse(Parameter?.Value ?? '', name);
  return pseudonymKey(version, Buffer.from(secret, 'base64'));
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
