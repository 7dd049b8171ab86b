import { defineEvent } from '../define-event';

/** What goes to a function and comes back from it is the user's own; Slipway does not look inside. */
class ParserData {}

export const parserStart = defineEvent({
  type: 'parser.start',
  version: 1,
  kind: 'command',
  from: 'anyone',
  to: 'gateway, and on to the functions whose filters match',
  summary: 'Call a function.',
  data: ParserData,
});

export const parserComplete = defineEvent({
  type: 'parser.complete',
  version: 1,
  kind: 'fact',
  from: 'a function',
  to: 'the world',
  summary: 'What a function answered.',
  data: ParserData,
});

export const parserFailed = defineEvent({
  type: 'parser.failed',
  version: 1,
  kind: 'fact',
  from: 'a function, or the gateway where it could not be called',
  to: 'the world',
  summary: 'A function failed on an event.',
  data: ParserData,
});
