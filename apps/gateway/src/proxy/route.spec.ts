import type { IncomingMessage } from 'node:http';
import { routeOf } from './route';

function requestTo(url: string, host = '127.0.0.1:8090'): IncomingMessage {
  return { url, headers: { host } } as IncomingMessage;
}

describe('routeOf', () => {
  it.each([
    ['/hello', undefined, { service: 'hello', path: '/' }],
    ['/hello/', undefined, { service: 'hello', path: '/' }],
    ['/hello?a=1', undefined, { service: 'hello', path: '/?a=1' }],
    ['/hello/a/b?c=%2F', undefined, { service: 'hello', path: '/a/b?c=%2F' }],
    ['/a/b', 'hello.localhost:8090', { service: 'hello', path: '/a/b' }],
    ['/', 'Hello.localhost', { service: 'hello', path: '/' }],
    ['/', undefined, undefined],
    ['/../etc', undefined, undefined],
    ['/Hello', undefined, undefined],
    ['http://elsewhere/hello', undefined, undefined],
    ['//elsewhere/hello', undefined, undefined],
  ])('reads %s at %s', (url, host, expected) => {
    expect(routeOf(requestTo(url, host))).toEqual(expected);
  });
});
