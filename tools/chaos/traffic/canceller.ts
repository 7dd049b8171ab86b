import type { HttpClient } from './http-client.ts';
import type { OutsideView } from './outside-view.ts';
import type { Sender } from './sender.ts';
import type { CancelEvent } from './wish.ts';

/** What the doors answer: a cancelled build over REST, a list of them to an event, or a problem. */
interface CancelAnswer {
  cancelled?: string[];
  code?: string;
}

export interface CancellerParts {
  /** http:// address of the api. */
  api: string;
  http: HttpClient;
  sender: Sender;
  view: OutsideView;
}

/** Cancels builds by each way that there is. That a build has ended already is no fault: the wish was late. */
export class Canceller {
  private readonly parts: CancellerParts;

  constructor(parts: CancellerParts) {
    this.parts = parts;
  }

  async byRest(buildId: string): Promise<void> {
    const { api, http, view } = this.parts;
    const { status, text, body } = await http.untilAnswered(`${api}/builds/${buildId}/cancel`, {
      method: 'POST',
    });
    const late = status === 409 && (body as CancelAnswer | undefined)?.code === 'build_terminal';
    if (status !== 200 && !late) return view.unexpected('cancel', status, text);
    view.count(`cancel:${status}`);
    view.cancelled(buildId, 'http', status);
  }

  /** Which builds a cancel of a whole function has met is known only where the answer names them. */
  async byEvent(buildId: string, { whole, command, door }: CancelEvent): Promise<void> {
    const { sender, view } = this.parts;
    const data = whole ? command.data : { ...command.data, build_id: buildId };
    const answer = await sender.send({ ...command, data }, door);
    if (!answer) {
      view.count('cancel:confirmed');
      if (!whole) view.cancelled(buildId, 'amqp', 0);
      return;
    }
    const { status, text } = answer;
    const { cancelled = [], code } = (answer.body ?? {}) as CancelAnswer;
    const late = !whole && status === 409 && code === 'build_terminal';
    if (status !== 202 && !late) return view.unexpected('cancel', status, text);
    view.count(`cancel:${status}`);
    for (const id of late ? [buildId] : cancelled) view.cancelled(id, 'http', status);
  }
}
