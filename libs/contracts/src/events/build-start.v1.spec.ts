import { validated } from '../event/validate';
import { BuildStartData } from './build-start.v1';

function pointersOf(data: unknown): string[] {
  try {
    validated(BuildStartData, data);
    return [];
  } catch (error) {
    return (error as { problems: { pointer: string }[] }).problems.map((problem) => problem.pointer);
  }
}

describe('the data of build.start', () => {
  it('takes the example of the third requirement document', () => {
    const data = {
      third_party_id: 'example-org',
      parser_id: 'user-parser',
      build_type: 'lambda',
      runtime: 'nodejs22',
      source_url: 'https://github.com/example/parser',
      build_timeout: 1800,
    };
    expect(validated(BuildStartData, data)).toMatchObject(data);
  });

  it('keeps fields that it does not know', () => {
    expect(validated(BuildStartData, { something: 1 })).toMatchObject({ something: 1 });
  });

  it.each<[unknown, string]>([
    [{ build_timeout: 29 }, '/data/build_timeout'],
    [{ build_timeout: '60' }, '/data/build_timeout'],
    [{ priority: 11 }, '/data/priority'],
    [{ priority: 1.5 }, '/data/priority'],
    [{ runtime: 5 }, '/data/runtime'],
    [{ build_type: 'mobile' }, '/data/build_type'],
    [{ source: { kind: 'ftp' } }, '/data/source/kind'],
    [{ source: 'x' }, '/data/source'],
    [{ deploy: { min_scale: -1 } }, '/data/deploy/min_scale'],
    [{ deploy: { triggers: [{}] } }, '/data/deploy/triggers/0/type'],
    [{ deploy: { triggers: [{ type: '#' }] } }, '/data/deploy/triggers/0/type'],
    [{ deploy: { env: { A: 5 } } }, '/data/deploy/env'],
    [{ stop_after: 'never' }, '/data/stop_after'],
    [{ force_rebuild: 'yes' }, '/data/force_rebuild'],
    [JSON.parse('{"parameters": {"__proto__": {"x": 1}}}'), '/data/parameters/__proto__'],
    [{ parameters: { constructor: 1 } }, '/data/parameters/constructor'],
    [{ code: 'a\0b' }, '/data/code'],
    [{ source: { kind: 'inline', files: { 'a.js': '\ud800' } } }, '/data/source/files/a.js'],
    [{ parameters: { '\udc00': 1 } }, '/data/parameters'],
    [[], '/data'],
    [null, '/data'],
  ])('refuses %j at %s', (data, pointer) => {
    expect(pointersOf(data)).toContain(pointer);
  });

  it('refuses what is nested too deeply before it looks at it', () => {
    let deep: unknown = 1;
    for (let n = 0; n < 1000; n += 1) deep = { a: deep };
    expect(pointersOf({ parameters: deep })[0]).toMatch(/^\/data\/parameters/);
  });

  it('reports every wrong field at once', () => {
    expect(pointersOf({ priority: 0, build_timeout: 1 }).sort()).toEqual([
      '/data/build_timeout',
      '/data/priority',
    ]);
  });
});
