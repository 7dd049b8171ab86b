import type { Doors } from './doors.ts';
import { isTransient, type Answer, type HttpClient } from './http-client.ts';
import type { OutsideView } from './outside-view.ts';
import type { WishOf } from './wish.ts';

/** Asks without changing anything. An answer that does not come is counted, and not asked for again. */
export class Reader {
  private readonly doors: Doors;
  private readonly http: HttpClient;
  private readonly view: OutsideView;

  constructor(doors: Doors, http: HttpClient, view: OutsideView) {
    this.doors = doors;
    this.http = http;
    this.view = view;
  }

  async read(path: string): Promise<void> {
    this.note('read', await this.http.once(`${this.doors.api}${path}`), [200]);
  }

  /** Looks up where the function is served, and asks it there, through the gateway that the doors name. */
  async request({ tenant, parser }: WishOf<'request'>): Promise<void> {
    const found = await this.http.once(`${this.doors.api}/functions/${tenant}/${parser}`);
    if (!this.note('lookup', found, [200, 404])) return;
    const url = (found?.body as { function?: { url?: string } } | undefined)?.function?.url;
    if (url === undefined) return this.view.count('request:not served');
    const answer = await this.http.once(`${this.doors.functions}${new URL(url).pathname}`);
    if (!this.note('request', answer, [200, 404]) || answer?.status !== 200) return;
    const { said } = (answer.body ?? {}) as { said?: unknown };
    if (!String(said).startsWith(`${tenant} `)) this.view.unexpected('request', 200, answer.text);
  }

  /** Counts the answer; false where none came, or none that says anything. */
  private note(kind: string, answer: Answer | undefined, expected: readonly number[]): boolean {
    if (!answer || isTransient(answer.status)) {
      this.view.count(`${kind}:${answer?.status ?? 'away'}`);
      return false;
    }
    if (!expected.includes(answer.status)) {
      this.view.unexpected(kind, answer.status, answer.text);
      return false;
    }
    this.view.count(`${kind}:${answer.status}`);
    return true;
  }
}
