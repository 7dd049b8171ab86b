import { BlockList, isIP } from 'node:net';

type Subnet = readonly [network: string, prefix: number];

/**
 * Addresses that no source may be fetched from, by what they are: this machine, its networks, and what only looks
 * public. Source: the IANA special-purpose address registries for IPv4 and IPv6.
 */
const BLOCKED_V4: Readonly<Record<string, readonly Subnet[]>> = {
  loopback: [['127.0.0.0', 8]],
  private: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ],
  // Clouds answer with their metadata, credentials among it, at 169.254.169.254.
  'link-local': [['169.254.0.0', 16]],
  // Azure answers there, from inside a machine alone, at an address that looks public
  // (learn.microsoft.com, "What is IP address 168.63.129.16?").
  metadata: [['168.63.129.16', 32]],
  'carrier-internal': [['100.64.0.0', 10]],
  multicast: [['224.0.0.0', 4]],
  reserved: [
    ['0.0.0.0', 8],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['240.0.0.0', 4],
  ],
};

/** Of IPv6 only global unicast (2000::/3) is public, and inside it not these: Teredo, documentation, and 6to4. */
const GLOBAL_V6: Subnet = ['2000::', 3];
const RESERVED_V6: readonly Subnet[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

function listOf(subnets: readonly Subnet[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}

/** Tells public addresses from all others. */
export class PublicAddresses {
  private readonly v4 = Object.entries(BLOCKED_V4).map(([kind, subnets]) => ({
    kind,
    list: listOf(subnets, 'ipv4'),
  }));
  private readonly globalV6 = listOf([GLOBAL_V6], 'ipv6');
  private readonly reservedV6 = listOf(RESERVED_V6, 'ipv6');

  /** What keeps an address from being public ("private", "loopback"…); undefined where nothing does. */
  objectionTo(address: string): string | undefined {
    switch (isIP(address)) {
      case 4:
        return this.v4.find(({ list }) => list.check(address, 'ipv4'))?.kind;
      case 6:
        return this.isPublicV6(address) ? undefined : 'non-public IPv6';
      default:
        return 'unknown';
    }
  }

  /** Mapped, NAT64 and link-local forms lie outside global unicast; a zone id makes no address public. */
  private isPublicV6(address: string): boolean {
    if (address.includes('%')) return false;
    return this.globalV6.check(address, 'ipv6') && !this.reservedV6.check(address, 'ipv6');
  }
}
