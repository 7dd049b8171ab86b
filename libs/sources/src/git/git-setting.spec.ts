import type { Address } from '../address-policy/address-policy';
import { DEFAULT_LIMITS } from '../limits';
import { configurationOf, repositoryUrl } from './git-setting';

const FOUR: Address = { address: '93.184.216.34', family: 4 };
const SIX: Address = { address: '2606:4700::1111', family: 6 };

function pin(url: string, ...addresses: Address[]): string | undefined {
  return configurationOf({ url: new URL(url), addresses }, DEFAULT_LIMITS)
    .find((setting) => setting.startsWith('http.curloptResolve='))
    ?.replace(/.*=/, '');
}

describe('the connections of git', () => {
  it.each<[string, Address[], string]>([
    ['https://git.example/a', [FOUR], 'git.example:443:93.184.216.34'],
    ['https://GIT.example./a', [FOUR], 'git.example:443:93.184.216.34'],
    ['http://git.example:8080/a', [FOUR], 'git.example:8080:93.184.216.34'],
    ['http://git.example/a', [FOUR, SIX], 'git.example:80:93.184.216.34,[2606:4700::1111]'],
    ['https://bücher.example/a', [SIX], 'xn--bcher-kva.example:443:[2606:4700::1111]'],
  ])('to %s with %j go by %s', (url, addresses, expected) => expect(pin(url, ...addresses)).toBe(expected));

  it.each(['https://93.184.216.34/a', 'https://[2606:4700::1111]/a'])('to %s need no look-up', (url) => {
    expect(pin(url, FOUR)).toBeUndefined();
  });
});

describe('the URL that git gets', () => {
  it.each([
    ['https://GIT.example./acme/hello.git', 'https://git.example/acme/hello.git'],
    ['https://git.example:443/acme/../hello', 'https://git.example/hello'],
    ['http://git.example:8080/a b', 'http://git.example:8080/a%20b'],
    ['https:\\\\git.example\\hello', 'https://git.example/hello'],
    ['https://[2606:4700::1111]/hello', 'https://[2606:4700::1111]/hello'],
  ])('of %s is %s', (text, expected) => {
    expect(repositoryUrl({ url: new URL(text), addresses: [FOUR] })).toBe(expected);
  });
});
