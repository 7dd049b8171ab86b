import { causeSentence } from './demo-build.ts';
import { buildStartEvent } from './demo-event.ts';

describe('the demo', () => {
  it('publishes a build.start whose source and subject name the tenant and the function', () => {
    expect(buildStartEvent('1', new Date(0))).toMatchObject({
      specversion: '1.0',
      id: '1',
      type: 'network.notifi.lambda.build.start',
      source: 'network.notifi.demo',
      subject: 'hello',
      time: '1970-01-01T00:00:00.000Z',
      data: { third_party_id: 'demo', parser_id: 'hello', runtime: 'nodejs24' },
    });
  });

  it('tells a failed build in one sentence with its code, hint and log line', () => {
    const cause = {
      code: 'dependency_install',
      message: 'npm could not install left-pad.',
      hint: 'Correct its version.',
      log_line: 'E404',
    };
    expect(causeSentence('The build', cause)).toBe(
      'The build failed (dependency_install): npm could not install left-pad. Correct its version. The log says: E404',
    );
    expect(causeSentence('The build', null)).toBe('The build failed and gave no cause.');
  });
});
