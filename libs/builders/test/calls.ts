export const EVENT_HEADERS = {
  'ce-specversion': '1.0',
  'ce-id': 'e-1',
  'ce-type': 'network.notifi.lambda.parser.start',
  'ce-source': 'network.notifi.acme',
  'ce-subject': 'hello',
  'ce-correlationid': 'c-1',
};

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** An answer cut down to what tells: status, type of the event, body. */
export async function told(response: Response): Promise<{ status: number; type?: string; body: unknown }> {
  const text = await response.text();
  const type = response.headers.get('ce-type') ?? structuredType(response, text);
  return { status: response.status, ...(type === undefined ? {} : { type }), body: parsed(text) };
}

function structuredType(response: Response, text: string): string | undefined {
  if (!response.headers.get('content-type')?.startsWith('application/cloudevents+json')) return undefined;
  return (JSON.parse(text) as { type: string }).type;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Plain text is an answer too.
    return text;
  }
}
