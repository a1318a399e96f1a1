import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { dashboardSets } from '../../datasets/dashboards.ts';
import type { Environment } from '../../lib/environments.ts';
import { groupFindings, regionFindings, subscriptionFindings } from './account-checks.ts';
import { type Access, type BiFinding, missing, ok, refusalOf } from './bi-finding.ts';
import { lakeFindings } from './lake-checks.ts';

/** What the dashboards of an environment need, each with what was found. Nothing is changed. */
export async function examine(environment: Environment, access: Access = {}): Promise<readonly BiFinding[]> {
  const { region, dashboards, name } = environment;
  const caller = await callerOf(environment, access);
  if (typeof caller !== 'string') return [caller];
  const known = environment.account ?? caller;
  const account =
    known === caller
      ? ok('account', caller)
      : missing('account', caller, `take credentials of account ${known}, to which '${name}' belongs`);
  if (account.state === 'missing') return [account];
  const switched =
    dashboards === undefined
      ? missing(
          'environment',
          `'${name}' has no dashboards`,
          'give it `dashboards` in lib/environments.ts, as the environment whole has them: that is what asks for the paid service',
        )
      : ok('environment', `'${name}' has dashboards in ${dashboards.language === 'fr' ? 'French' : 'English'}`);
  const subscription = await subscriptionFindings(caller, dashboards?.identityRegion ?? region, access);
  const isSubscribed = subscription.some(({ part, state }) => part === 'subscription' && state === 'ok');
  const people = isSubscribed ? [...(await regionFindings(caller, region, access))] : [];
  const groups = isSubscribed && dashboards !== undefined ? await groupFindings(caller, dashboards, access) : [];
  const lake = await lakeFindings(
    {
      account: caller,
      region,
      workGroup: `laketwin-${name}-dashboards`,
      database: `laketwin_${name}`,
      table: dashboardSets[0]?.table ?? '',
    },
    access,
  ).catch(unanswered);
  return [account, switched, ...subscription, ...people, ...groups, ...lake];
}

/** AWS says itself which right is lacking. */
function unanswered(error: unknown): BiFinding[] {
  const { name, message } = refusalOf(error);
  if (!name.startsWith('AccessDenied')) throw error;
  return [missing('lake', `you may not ask: ${message}`, 'have an administrator allow you that')];
}

/** The account of whoever asks, or why it is not known. */
async function callerOf({ region }: Environment, access: Access): Promise<string | BiFinding> {
  const client = new STSClient({ ...access, region });
  const part = 'credentials';
  const advice = 'sign in to AWS, for example with aws sso login, or set AWS_PROFILE';
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account ?? '';
  } catch (error) {
    const { name, message } = refusalOf(error);
    if (name === 'CredentialsProviderError') return missing(part, 'none', advice);
    if (/Token|Signature|ClientId|Expired/.test(name)) return missing(part, 'AWS does not take them', advice);
    return missing(part, `AWS could not be asked: ${message}`, 'look at the network and the proxy');
  } finally {
    client.destroy();
  }
}
