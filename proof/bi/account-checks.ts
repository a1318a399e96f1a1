/** Whether the account has a QuickSight that can show the dashboards, and the groups that are to see them. */
import {
  DescribeAccountSettingsCommand,
  DescribeAccountSubscriptionCommand,
  DescribeGroupCommand,
  ListDataSetsCommand,
  QuickSightClient,
} from '@aws-sdk/client-quicksight';
import type { Dashboards } from '../../lib/environments.ts';
import { type Access, type BiFinding, forbidden, missing, ok, refusalOf } from './bi-finding.ts';

const SUBSCRIBED = 'ACCOUNT_CREATED';

/** The subscription and what it can do. No group can be looked for without one: then this is all there is to say. */
export async function subscriptionFindings(
  account: string,
  identityRegion: string,
  access: Access,
): Promise<readonly BiFinding[]> {
  const client = new QuickSightClient({ ...access, region: identityRegion });
  const part = 'subscription';
  try {
    const { AccountInfo } = await client.send(new DescribeAccountSubscriptionCommand({ AwsAccountId: account }));
    const status = AccountInfo?.AccountSubscriptionStatus ?? 'none';
    if (status !== SUBSCRIBED) return [missing(part, `its status is ${status}`, SUBSCRIBE)];
    return [ok(part, AccountInfo?.AccountName ?? status), edition(AccountInfo?.Edition)];
  } catch (error) {
    const { name, message } = refusalOf(error);
    const identity = /identity region is ([a-z0-9-]+\d)/.exec(message)?.[1];
    if (identity !== undefined) {
      const advice = `set dashboards.identityRegion to '${identity}' in lib/environments.ts`;
      return [missing('identity region', `users and groups are kept in ${identity}, not in ${identityRegion}`, advice)];
    }
    if (name === 'ResourceNotFoundException') return [missing(part, 'none in this account', SUBSCRIBE)];
    if (name === 'AccessDeniedException') return [forbidden(part, 'quicksight:DescribeAccountSubscription')];
    throw error;
  } finally {
    client.destroy();
  }
}

const SUBSCRIBE = 'subscribe to QuickSight, edition Enterprise, in its console: CloudFormation cannot';

/** Rules for rows and columns want the Enterprise edition. */
function edition(found: string | undefined): BiFinding {
  const part = 'edition';
  if (found === 'STANDARD') {
    return missing(part, found, 'upgrade to Enterprise: groups, and rules for rows and columns, want it');
  }
  if (found === 'ENTERPRISE_AND_Q') {
    return missing(
      part,
      found,
      'look whether Q is wanted: it adds a fee for the whole account, and no dashboard needs it',
    );
  }
  return ok(part, found ?? 'unknown');
}

/** Whether the region of the lake has QuickSight, and the account shows nothing to everybody. */
export async function regionFindings(account: string, region: string, access: Access): Promise<BiFinding[]> {
  const client = new QuickSightClient({ ...access, region });
  try {
    await client.send(new ListDataSetsCommand({ AwsAccountId: account, MaxResults: 1 }));
    const { AccountSettings } = await client.send(new DescribeAccountSettingsCommand({ AwsAccountId: account }));
    const part = 'public sharing';
    return [
      ok('region', region),
      AccountSettings?.PublicSharingEnabled === true
        ? missing(part, 'on', 'switch it off: whoever has a link could open a dashboard without being a user')
        : ok(part, 'off'),
    ];
  } catch (error) {
    const { name, message } = refusalOf(error);
    if (name === 'AccessDeniedException') return [forbidden('region', `quicksight:ListDataSets in ${region}`)];
    if (name === 'UnsupportedUserEditionException' || /not (?:supported|available)|ENOTFOUND/i.test(message)) {
      return [missing('region', `${region} does not have it`, 'choose a region of the lake that QuickSight has')];
    }
    throw error;
  } finally {
    client.destroy();
  }
}

/** One finding a group. */
export async function groupFindings(
  account: string,
  { identityRegion, groups }: Dashboards,
  access: Access,
): Promise<BiFinding[]> {
  const client = new QuickSightClient({ ...access, region: identityRegion });
  const look = async (name: string): Promise<BiFinding> => {
    const part = `group ${name}`;
    try {
      await client.send(new DescribeGroupCommand({ AwsAccountId: account, Namespace: 'default', GroupName: name }));
      return ok(part, `in ${identityRegion}`);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.name === 'ResourceNotFoundException') {
        const make = `aws quicksight create-group --region ${identityRegion} --aws-account-id ${account} --namespace default --group-name ${name}`;
        return missing(part, 'none of that name', `make it, then add its people: ${make}`);
      }
      if (refusal.name === 'AccessDeniedException') return forbidden(part, 'quicksight:DescribeGroup');
      throw error;
    }
  };
  try {
    return await Promise.all(Object.values(groups).map(look));
  } finally {
    client.destroy();
  }
}
