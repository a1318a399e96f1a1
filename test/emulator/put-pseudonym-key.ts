import { randomBytes } from 'node:crypto';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { type DeployedLake, ofType, resourceAt } from './lake.ts';
import type { Proved } from './report.ts';

/** By hand, as docs/deploy.md says: CloudFormation writes no encrypted parameter. Returns the name with it. */
export async function putPseudonymKey(lake: DeployedLake): Promise<Proved> {
  await lake.clients.ssm.send(
    new PutParameterCommand({
      Name: pseudonymParameter(lake),
      Type: 'SecureString',
      KeyId: resourceAt(lake, 'Ingestion/Key/Resource').physicalId,
      Value: JSON.stringify({ version: 1, secret: randomBytes(32).toString('base64') }),
    }),
  );
  return { proved: 'the key of pseudonyms can be made as the guide says', figures: { parameters: 1 } };
}

/** As the functions are told. */
export function pseudonymParameter(lake: DeployedLake): string {
  for (const { template } of ofType(lake, 'AWS::Lambda::Function')) {
    const environment = template.Properties?.Environment as { Variables?: Record<string, unknown> } | undefined;
    const name = environment?.Variables?.PSEUDONYM_KEY_PARAMETER;
    if (typeof name === 'string') return name;
  }
  throw new Error('no function of the templates names the parameter of the pseudonym key');
}
