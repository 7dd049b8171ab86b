import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { System } from './system';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

/** The event of the README's curl command. */
function readmeEvent(): { id: string; source: string; subject: string } {
  const body = /-d '(\{[\s\S]*?\})'\n```/.exec(README)?.[1];
  if (!body) throw new Error('the README has no curl command with an event any more');
  return JSON.parse(body) as { id: string; source: string; subject: string };
}

describe('what the README says', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.up();
  });

  async function send(event: object): Promise<string> {
    const response = await fetch(`${system.events}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(event),
    });
    return ((await response.json()) as { build_id: string }).build_id;
  }

  it('builds and serves the function of its curl command, and reuses it under another id', async () => {
    const event = readmeEvent();
    const id = await send(event);
    expect(await system.ended(id)).toMatchObject({ status: 'succeeded' });
    const { deployment } = await system.deployed(id);
    const answer = await fetch(deployment.url!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"you"}',
    });
    expect(await answer.json()).toEqual({ hello: 'you' });
    const again = await system.ended(await send({ ...event, id: 'first-2' }));
    expect(again).toMatchObject({ status: 'succeeded', reused: true });
  });

  it('answers at the paths that it names', async () => {
    const id = (await system.newest('acme', 'greet')).id;
    expect((await fetch(`${system.api}/builds/${id}`)).status).toBe(200);
    const log = await fetch(`${system.api}/builds/${id}/logs`);
    expect(log.headers.get('content-type')).toContain('text/plain');
    expect((await fetch(`${system.api}/builds/${id}/cancel`, { method: 'POST' })).status).toBe(409);
    const { functions } = await system.get<{ functions: { parser_id: string }[] }>('/functions');
    expect(functions.map(({ parser_id: parser }) => parser)).toContain('greet');
  });
});
