import { tenantDaysIn } from './tenant-days';

describe('the days by tenant', () => {
  it('are read as numbers', () => {
    expect(tenantDaysIn('acme=30,globex=0.5')).toEqual({ acme: 30, globex: 0.5 });
  });

  it.each([
    '',
    'acme',
    'acme=',
    '=3',
    'acme=-1',
    'acme=0',
    'acme=36501',
    'acme=3,acme=4',
    'a/b=3',
    'acme=3,',
    'acme=3=4',
    'acme=1e3',
  ])('are not read from %j', (text) => expect(tenantDaysIn(text)).toBeUndefined());
});
