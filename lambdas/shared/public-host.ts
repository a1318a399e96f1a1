import { lookup } from 'node:dns/promises';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** How a host is found, and what of it may be reached. */
export interface HostRules {
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly isReachable: (address: string) => boolean;
}

/** The internet, and nothing of the networks inside. */
export const PUBLIC_HOSTS: HostRules = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isReachable: isPublicAddress,
};

/**
 * Asks for the addresses of a host, once. Throws where it has none, or where any of them leads inside.
 *
 * @param whose for the message: `the webhook`.
 */
export async function addressesOf(host: string, rules: HostRules, whose: string): Promise<readonly string[]> {
  const addresses = await rules.resolve(host).catch(() => []);
  if (addresses.length === 0) throw new Error(`the host of ${whose}, ${host}, has no address`);
  const inner = addresses.find((it) => !rules.isReachable(it));
  if (inner === undefined) return addresses;
  throw new Error(`the host of ${whose}, ${host}, has ${inner}, expected a public address`);
}

/** Answers with the addresses that were looked at, whatever the name: no second answer can lead elsewhere. */
export function lookupIn(addresses: readonly string[]): NonNullable<RequestOptions['lookup']> {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, { all }, done) => {
    if (all) return done(null, known);
    done(null, known[0]?.address ?? '', known[0]?.family);
  };
}
