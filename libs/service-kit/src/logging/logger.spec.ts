import { withoutCredentials } from './logger';

describe('what reaches a log', () => {
  it.each([
    ['amqp://user:secret@host:5672/x', 'amqp://***@host:5672/x'],
    ['failed: postgres://u:p%40ss@h/d (again)', 'failed: postgres://***@h/d (again)'],
    ['https://token@host/x', 'https://***@host/x'],
    ['https://u:p@ss@host', 'https://***@host'],
    ['https://host/path', 'https://host/path'],
    ['https://host/@scope/name', 'https://host/@scope/name'],
  ])('carries no credentials of %s', (text, shown) => {
    expect(withoutCredentials(text)).toBe(shown);
  });
});
