import { BlockList, isIP } from 'node:net';

/** Networks of IPv4 that are not of the public internet (IANA special-purpose registry, RFC 6890 and after). */
const PRIVATE: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Within the global unicast addresses of IPv6: protocols and Teredo, documentation, and 6to4, which hides an IPv4. */
const PRIVATE_6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [network, prefix] of PRIVATE) refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of PRIVATE_6) refused.addSubnet(network, prefix, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address is one of the public internet, in the form that a resolver gives. All of IPv6 that is not global
 * unicast is not: loopback, link-local, private, and IPv4 in another dress (`::ffff:127.0.0.1`, `64:ff9b::`).
 */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) belongs to this machine alone.
  if (address.includes('%')) return false;
  if (isIP(address) === 4) return !refused.check(address, 'ipv4');
  return isIP(address) === 6 && globalUnicast.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}
