/** The roles that QuickSight makes for itself in an account, and what their policies allow. */
import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { type Access, refusalOf } from './bi-finding.ts';

const NAMES = ['aws-quicksight-service-role-v0', 'aws-quicksight-s3-consumers-role-v0'];

/** What a role must be allowed. */
export interface Need {
  readonly part: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What to do where it is not. */
  readonly advice: string;
}

/** ARNs of those roles that are there. The second is used, where it is there, for objects of S3. */
export async function serviceRoles(region: string, access: Access): Promise<string[]> {
  const client = new IAMClient({ ...access, region });
  try {
    const found = await Promise.all(NAMES.map((name) => arnOf(client, name)));
    return found.filter((arn) => arn !== undefined);
  } finally {
    client.destroy();
  }
}

async function arnOf(client: IAMClient, RoleName: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetRoleCommand({ RoleName }))).Role?.Arn;
  } catch (error) {
    if (['NoSuchEntityException', 'NoSuchEntity'].includes(refusalOf(error).name)) return undefined;
    throw error;
  }
}

/** Those actions that no role is allowed on some resource. Policies of buckets and keys are not asked. */
export async function mayAll(
  roles: readonly string[],
  { actions, resources }: Need,
  region: string,
  access: Access,
): Promise<string[]> {
  const client = new IAMClient({ ...access, region });
  try {
    const answers = await Promise.all(roles.map((role) => deniedTo(client, role, actions, resources)));
    return actions.filter((action) => answers.every((denied) => denied.has(action)));
  } finally {
    client.destroy();
  }
}

async function deniedTo(
  client: IAMClient,
  PolicySourceArn: string,
  actions: readonly string[],
  resources: readonly string[],
): Promise<ReadonlySet<string>> {
  const { EvaluationResults = [] } = await client.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn,
      ActionNames: [...actions],
      ResourceArns: [...resources],
    }),
  );
  const allowed = (action: string) => {
    const own = EvaluationResults.filter(({ EvalActionName }) => EvalActionName === action);
    return own.length > 0 && own.every(({ EvalDecision }) => EvalDecision === 'allowed');
  };
  return new Set(actions.filter((action) => !allowed(action)));
}
