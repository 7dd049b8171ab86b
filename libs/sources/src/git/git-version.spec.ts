import { isRecent } from './git-version';

describe('a git that can be held to one address', () => {
  it.each([
    ['git version 2.37.0', true],
    ['git version 2.39.5 (Apple Git-154)', true],
    ['git version 2.101.0', true],
    ['git version 3.0.0', true],
    ['git version 2.36.6', false],
    ['git version 2.9.5', false],
    ['git version 1.40.0', false],
    ['something else', false],
    ['', false],
  ])('"%s": %s', (answer, expected) => expect(isRecent(answer)).toBe(expected));
});
