import { isSlipwayError } from '@slipway/domain';
import { AddressPolicy, type Resolver } from './address-policy';

const PUBLIC = { address: '93.184.216.34', family: 4 };
const NAMES: Record<string, { address: string; family: number }[]> = {
  'public.example': [PUBLIC],
  'inside.example': [{ address: '10.1.2.3', family: 4 }],
  'mixed.example': [PUBLIC, { address: '127.0.0.1', family: 4 }],
  'six.example': [{ address: '2606:2800:220:1::1', family: 6 }],
  'mapped.example': [{ address: '::ffff:10.0.0.1', family: 6 }],
  'zone.example': [{ address: 'fe80::1%eth0', family: 6 }],
  'strange.example': [{ address: 'not an address', family: 4 }],
  'silent.example': [],
};

const resolve: Resolver = async (host) => {
  const found = NAMES[host.replace(/\.$/, '')];
  if (!found) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
  return found;
};

async function verdict(url: string, httpHosts: string[] = []): Promise<string> {
  try {
    const { addresses } = await new AddressPolicy({ httpHosts, resolve }).check(
      url,
      new AbortController().signal,
    );
    return addresses.map(({ address }) => address).join(' ');
  } catch (error) {
    return isSlipwayError(error) ? `${error.code}: ${error.message}` : String(error);
  }
}

describe('an address that is public', () => {
  it.each([
    ['https://public.example/a.zip', '93.184.216.34'],
    ['https://PUBLIC.example/a.zip', '93.184.216.34'],
    ['https://public.example:443/a.zip', '93.184.216.34'],
    ['https://public.example./a.zip', '93.184.216.34'],
    ['https://six.example/a.zip', '2606:2800:220:1::1'],
    ['https://8.8.8.8/a.zip', '8.8.8.8'],
    ['https://[2606:4700::1111]/a.zip', '2606:4700::1111'],
  ])('%s is taken', async (url, address) => expect(await verdict(url)).toBe(address));
});

describe('an address that is not public', () => {
  it.each([
    ['https://127.0.0.1/', 'loopback'],
    ['https://127.1/', 'loopback'],
    ['https://127.255.255.254/', 'loopback'],
    ['https://2130706433/', 'loopback'],
    ['https://0x7f000001/', 'loopback'],
    ['https://0x7f.0.0.1/', 'loopback'],
    ['https://0177.0.0.1/', 'loopback'],
    ['https://017700000001/', 'loopback'],
    ['https://127.0.0.1./', 'loopback'],
    ['https://①②⑦.0.0.1/', 'loopback'],
    ['https://127。0。0。1/', 'loopback'],
    ['https://%31%32%37.0.0.1/', 'loopback'],
    ['https:127.0.0.1/', 'loopback'],
    ['https:\\\\127.0.0.1\\x', 'loopback'],
    ['https://10.0.0.1/', 'private'],
    ['https://0xa000001/', 'private'],
    ['https://172.16.0.1/', 'private'],
    ['https://172.31.255.255/', 'private'],
    ['https://192.168.1.1/', 'private'],
    ['https://169.254.169.254/latest/meta-data/', 'link-local'],
    ['https://2852039166/', 'link-local'],
    ['https://100.64.0.1/', 'carrier-internal'],
    ['https://100.100.100.200/', 'carrier-internal'],
    ['https://224.0.0.1/', 'multicast'],
    ['https://0.0.0.0/', 'reserved'],
    ['https://0/', 'reserved'],
    ['https://192.0.0.192/', 'reserved'],
    ['https://198.18.0.1/', 'reserved'],
    ['https://203.0.113.1/', 'reserved'],
    ['https://240.0.0.1/', 'reserved'],
    ['https://255.255.255.255/', 'reserved'],
    ['https://[::1]/', 'IPv6'],
    ['https://[::]/', 'IPv6'],
    ['https://[::ffff:127.0.0.1]/', 'IPv6'],
    ['https://[::ffff:a00:1]/', 'IPv6'],
    ['https://[::127.0.0.1]/', 'IPv6'],
    ['https://[64:ff9b::7f00:1]/', 'IPv6'],
    ['https://[64:ff9b:1::1]/', 'IPv6'],
    ['https://[2002:7f00:1::]/', 'IPv6'],
    ['https://[2001::1]/', 'IPv6'],
    ['https://[2001:db8::1]/', 'IPv6'],
    ['https://[fe80::1]/', 'IPv6'],
    ['https://[fd00:ec2::254]/', 'IPv6'],
    ['https://[ff02::1]/', 'IPv6'],
    ['https://inside.example/', 'private'],
    ['https://mixed.example/', 'loopback'],
    ['https://mapped.example/', 'IPv6'],
    ['https://zone.example/', 'IPv6'],
    ['https://strange.example/', 'unknown'],
  ])('%s is refused as %s', async (url, kind) => {
    expect(await verdict(url)).toMatch(
      new RegExp(`^source_url_refused: The address https://.* belongs to a .*${kind} address`),
    );
  });

  it('is not told, because it would map the names of a network', async () => {
    expect(await verdict('https://inside.example/')).not.toContain('10.1.2.3');
  });
});

describe('a URL', () => {
  it.each([
    ['http://public.example/', 'is not https'],
    ['ftp://public.example/', 'is not https'],
    ['file:///etc/passwd', 'is not https'],
    ['gopher://public.example/', 'is not https'],
    ['data:text/plain,x', 'is not https'],
    ['https://user:secret@public.example/', 'carries a user or password'],
    ['https://user@public.example/', 'carries a user or password'],
    ['https://public.example@127.0.0.1/', 'carries a user or password'],
    ['https://public.example:8443/', 'has a port of its own'],
    ['https://public.example:22/', 'has a port of its own'],
    ['//public.example/a.zip', 'not an absolute URL'],
    ['https://user:secret@exa mple/', 'not an absolute URL'],
    ['-oProxyCommand=x', 'not an absolute URL'],
    ['', 'not an absolute URL'],
  ])('%s is refused: it %s', async (url, why) => {
    const said = await verdict(url);
    expect(said).toMatch(/^source_url_refused: /);
    expect(said).toContain(why);
    expect(said).not.toContain('secret');
  });

  it.each(['https://unknown.example/', 'https://silent.example/'])(
    '%s whose host has no address may be tried again',
    async (url) => {
      expect(await verdict(url)).toMatch(/^source_unreachable: /);
    },
  );

  it('whose host takes too long to resolve may be tried again', async () => {
    const policy = new AddressPolicy({ httpHosts: [], resolve: () => new Promise(() => undefined) });
    await expect(policy.check('https://slow.example/', AbortSignal.abort())).rejects.toMatchObject({
      code: 'source_timeout',
    });
  });
});

describe('a listed host', () => {
  it.each([
    ['http://127.0.0.1:8080/', ['127.0.0.1:8080'], '127.0.0.1'],
    ['http://127.0.0.1/', ['127.0.0.1'], '127.0.0.1'],
    ['http://[::1]:8080/', ['[::1]:8080'], '::1'],
    ['http://inside.example/', [' Inside.Example '], '10.1.2.3'],
    ['https://inside.example/', ['inside.example:443'], '10.1.2.3'],
  ])('%s may be plain http and private (%j)', async (url, listed, address) => {
    expect(await verdict(url, listed)).toBe(address);
  });

  it.each([
    ['http://127.0.0.1:8081/', ['127.0.0.1:8080']],
    ['http://127.0.0.2:8080/', ['127.0.0.1:8080']],
    ['http://inside.example.evil.example/', ['inside.example']],
    ['http://user@127.0.0.1:8080/', ['127.0.0.1:8080']],
    ['ftp://127.0.0.1/', ['127.0.0.1']],
    ['http:///', ['']],
  ])('does not open %s (%j)', async (url, listed) => {
    expect(await verdict(url, listed)).toMatch(/^source_url_refused: /);
  });
});
