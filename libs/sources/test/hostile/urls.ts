/** A spelling, and the words of the refusal that it must get; every name resolves to 127.0.0.1. */
type HostileSpelling = readonly [spelling: string, words: string];

function all(words: string, ...spellings: string[]): HostileSpelling[] {
  return spellings.map((spelling) => [spelling, words]);
}

const NO_URL = 'is not an absolute URL';

/** Hosts, to stand behind `https://`. */
export const HOSTILE_HOSTS: readonly HostileSpelling[] = [
  ...all(
    'a loopback address',
    // Decimal, octal, hexadecimal, short, and all of them mixed.
    ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '127.65535', '127.16777215', '127.000.000.001'],
    ...['2130706433', '017700000001', '0x7f000001', '0X7F000001', '0177.0.0.1', '0177.1', '00000177.0.0.01'],
    ...['0x7f.0.0.1', '0x7f.1', '0x7f.0x0.0x0.0x1', '0x7f.0.0x1', '127.0.0.0x1', '0177.0x0.0.1'],
    ...['127.0.0.1.', '2130706433.', '0x7f.1.', '127.0.0.1..'],
    // Percent signs, other digits, other dots, and characters that a host name loses.
    ...['%31%32%37.0.0.1', '127%2e0%2e0%2e1', '127.0.0.1%2E', '%30x7f.1'],
    ...['①②⑦.⓪.⓪.①', '１２７.０.０.１', '𝟏𝟐𝟕.𝟎.𝟎.𝟏', '𝟙𝟚𝟟.𝟘.𝟘.𝟙', '０ｘ７ｆ.１', '¹²⁷.⁰.⁰.¹'],
    ...['127。0。0。1', '127．0．0．1', '127｡0｡0｡1', '127.0.0\u00ad.1', '127.0.\u200b0.1', '127.0.0.1\u2060'],
    // Names.
    ...['localhost', 'LOCALHOST', 'localhost.', 'x.localhost', 'localhost.localdomain', 'ip6-localhost'],
    ...[
      'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
      'ｌｏｃａｌｈｏｓｔ',
      'localho\u017ft',
      'loca%6chost',
      'xn--localhost',
      '127.0.0.1.nip.example',
    ],
    ...['public.example', 'a_b.example', '-.example', 'host.docker.internal', 'kubernetes.default.svc'],
  ),
  ...all(
    'a private address',
    ...['10.0.0.1', '10.1', '012.0.0.1', '0xa.1', '0xa000001', '167772161', '10.255.255.255'],
    ...['172.16.0.1', '172.31.255.254', '0xac100001', '172.1048577', '192.168.0.1', '192.168.257'],
    ...['3232235521', '0300.0250.1', '0xc0.0xa8.0.1', '⑩.0.0.1', '192。168。0。1'],
  ),
  ...all(
    'a link-local address',
    ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '0xa9.0xfe.0xa9.0xfe'],
    ...['169.254.43518', '169.16689662', '0251.254.169.254', '①⑥⑨.②⑤④.①⑥⑨.②⑤④', '169.254.169.254.'],
    ...['169.254.170.2', '169.254.0.1'],
  ),
  ...all(
    'a carrier-internal address',
    '100.64.0.1',
    '100.127.255.254',
    '100.100.100.200',
    '0x64646464',
    '1684300900',
  ),
  ...all('a metadata address', '168.63.129.16', '0xa83f8110', '2822734096', '168.4161808'),
  ...all('a multicast address', '224.0.0.1', '239.255.255.250', '0xe0000001'),
  ...all(
    'a reserved address',
    ...[
      '0',
      '0.0.0.0',
      '00',
      '0x0',
      '0x',
      '0.0.0.1',
      '192.0.0.192',
      '192.0.2.1',
      '192.88.99.1',
      '198.18.0.1',
    ],
    ...[
      '198.19.255.255',
      '198.51.100.1',
      '203.0.113.1',
      '240.0.0.1',
      '255.255.255.255',
      '4294967295',
      '0xffffffff',
    ],
  ),
  ...all(
    'a non-public IPv6 address',
    // Loopback, unspecified, and IPv4 in it: mapped, translated, compatible, NAT64, 6to4, Teredo.
    ...['[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::]', '[0::0]'],
    ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::FFFF:7F00:0001]', '[0:0:0:0:0:ffff:127.0.0.1]'],
    ...['[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[::ffff:10.0.0.1]', '[::ffff:8.8.8.8]'],
    ...['[::ffff:0:127.0.0.1]', '[::ffff:0:7f00:1]', '[::127.0.0.1]', '[::7f00:1]', '[::a9fe:a9fe]'],
    ...['[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::7f00:1]'],
    ...['[2002:7f00:1::]', '[2002:7f00:1::1]', '[2002:a9fe:a9fe::]', '[2002:0a00:0001::1]'],
    ...['[2001::1]', '[2001:0:7f00:1::]', '[2001:0:53aa:64c:0:0:80ff:fffe]'],
    // Of one network, one link, or set apart.
    ...['[fc00::1]', '[fd00::1]', '[fd00:ec2::254]', '[fd20:ce::254]', '[fdff:ffff::1]'],
    ...[
      '[fe80::1]',
      '[febf::1]',
      '[fec0::1]',
      '[ff02::1]',
      '[ff0e::1]',
      '[100::1]',
      '[5f00::1]',
      '[4000::1]',
    ],
    ...['[2001:2::1]', '[2001:10::1]', '[2001:20::1]', '[2001:db8::1]', '[3fff::1]'],
  ),
  ...all(
    NO_URL,
    ...['[fe80::1%25eth0]', '[fe80::1%eth0]', '[::1%25lo]', '[::1%lo]', '[v1.127.0.0.1]', '[127.0.0.1]'],
    ...['::1', '[::1', '::1]', '[::1]x', '[:::1]', '[::ffff:127.1]', '[::ffff:0x7f.0.0.1]', '[::1]\u3002'],
    ...['127.0.0.08', '127.0.0.256', '4294967296', '0x100000000', '1.2.3.4.5', '127..1'],
    ...['127.0.0.1%00', '127.0.0.1%20', 'a b', 'a<b', 'a^b', 'a|b', '%', '%zz', '\u00ad'],
  ),
  ...all(
    'carries a user or password',
    ...[
      'public.example@127.0.0.1',
      'public.example:443@127.0.0.1',
      'user:secret@public.example',
      'a@b@127.0.0.1',
    ],
    ...[
      'user@127.0.0.1',
      ':secret@127.0.0.1',
      '%40@127.0.0.1',
      'a%2f@b',
      'public.example%2f@127.0.0.1',
      '①@127.0.0.1',
    ],
  ),
];

/** Whole addresses. */
export const HOSTILE_URLS: readonly HostileSpelling[] = [
  ...all(
    'a loopback address',
    ...['https:127.0.0.1/', 'https:/127.0.0.1/', 'https:///127.0.0.1/', 'https:////127.0.0.1/'],
    ...['https:\\\\127.0.0.1\\x', 'https:/\\127.0.0.1/', 'https://127.0.0.1\\@public.example/'],
    ...['https://127.0.0.1#@public.example/', 'https://127.0.0.1?@public.example/', 'HTTPS://127.0.0.1/'],
    ...['https://public.example\\@127.0.0.1/', 'https://public.example#@127.0.0.1/', 'https://@127.0.0.1/'],
    ...[' https://127.0.0.1/ ', 'ht\ttps://127.0.0.1/', 'https://127.\n0.0.1/', 'https://127.0.0.1:443/'],
    ...['\u0000https://127.0.0.1/', 'https://127.0.0.1:0443/', 'https://127.0.0.1:/', 'https://:@127.0.0.1/'],
  ),
  ...all(
    'is not https',
    ...[
      'http://public.example/',
      'HTTP://PUBLIC.EXAMPLE/',
      'http://127.0.0.1/',
      'http:127.0.0.1',
      'ftp://public.example/',
    ],
    ...[
      'file:///etc/passwd',
      'file://127.0.0.1/etc/passwd',
      'file:/etc/passwd',
      'gopher://127.0.0.1:6379/_x',
    ],
    ...[
      'dict://127.0.0.1:11211/',
      'ldap://127.0.0.1/',
      'ws://127.0.0.1/',
      'wss://public.example/',
      'git://127.0.0.1/x',
    ],
    ...[
      'ssh://127.0.0.1/',
      's3://bucket/key',
      'data:text/plain,x',
      'javascript:alert(1)',
      'blob:https://127.0.0.1/x',
    ],
    ...[
      'view-source:https://127.0.0.1/',
      'jar:https://127.0.0.1/x!/',
      'unix:/run/docker.sock',
      'about:blank',
    ],
    ...['http+unix://%2Frun%2Fdocker.sock/', 'https+x://127.0.0.1/', 'httpss://127.0.0.1/', 'ext::sh -c id'],
  ),
  ...all(
    'has a port of its own',
    ...['https://public.example:80/', 'https://public.example:22/', 'https://public.example:8443/'],
    ...['https://public.example:0/', 'https://public.example:65535/', 'https://127.0.0.1:6379/'],
    ...['https://public.example:00022/', 'https://[::1]:5432/', 'https://public.example:1/'],
  ),
  ...all(
    NO_URL,
    ...['', '/', '//public.example/a.zip', '////127.0.0.1/', '\\\\127.0.0.1\\share', 'public.example/a.zip'],
    ...[
      '127.0.0.1',
      '?x',
      '#x',
      './a.zip',
      'https',
      'https:',
      'https://',
      'https:///',
      'http://',
      '://127.0.0.1/',
    ],
    ...['-oProxyCommand=x', '--upload-pack=x', 'https://public.example:65536/', 'https://public.example:-1/'],
    ...['https://public.example:22a/', 'https://public.example:٢٢/', 'https://user:secret@exa mple/'],
  ),
];

/** Answers of a resolver of which one at least must not be connected to. */
export const HOSTILE_ANSWERS: readonly (readonly [addresses: readonly string[], words: string])[] = [
  [['127.0.0.1'], 'loopback'],
  [['10.0.0.1'], 'private'],
  [['169.254.169.254'], 'link-local'],
  [['::1'], 'non-public IPv6'],
  [['::ffff:10.0.0.1'], 'non-public IPv6'],
  [['::ffff:8.8.8.8'], 'non-public IPv6'],
  [['64:ff9b::a00:1'], 'non-public IPv6'],
  [['fe80::1%eth0'], 'non-public IPv6'],
  [['2606:4700::1111%eth0'], 'non-public IPv6'],
  [['8.8.8.8', '127.0.0.1'], 'loopback'],
  [['127.0.0.1', '8.8.8.8'], 'loopback'],
  [['8.8.8.8', '2606:4700::1111', 'fd00::1'], 'non-public IPv6'],
  [['127.1'], 'unknown'],
  [['2130706433'], 'unknown'],
  [['0x7f.0.0.1'], 'unknown'],
  [['010.0.0.1'], 'unknown'],
  [['localhost'], 'unknown'],
  [['8.8.8.8 127.0.0.1'], 'unknown'],
  [[''], 'unknown'],
];
