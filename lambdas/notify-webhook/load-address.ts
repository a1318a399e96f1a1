import type { SSMClient } from '@aws-sdk/client-ssm';

/** The address of the webhook from an encrypted parameter. Whoever knows it can write to the chat: it is a secret. */
export async function loadAddress(name: string, client?: SSMClient): Promise<string> {
  const sdk = await import('@aws-sdk/client-ssm');
  const { Parameter } = await (client ?? new sdk.SSMClient()).send(
    new sdk.GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  return Parameter?.Value?.trim() ?? '';
}

/** Asks for it once in the life of the process; a failure is asked again. */
export function keptAddress(name: string, client?: SSMClient): () => Promise<string> {
  let address: Promise<string> | undefined;
  return () => {
    address ??= loadAddress(name, client).catch((error) => {
      address = undefined;
      throw error;
    });
    return address;
  };
}
