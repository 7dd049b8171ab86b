/** The lines of a text, without their indentation. */
function linesOf(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

/** Methods that are known, that are none, and that no request may have. */
export const METHODS = [
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE'],
  ...['get', 'G\0T', ''],
];

/** For one place of a path. */
export const ODD_PARTS = [
  ...['%00', '%zz', '%E0%A4%A', '%ED%A0%80', '%0d%0a', '%25', '%2F', '%2e%2e%2f', '..', '//', '\\', ' '],
  ...['*', "'", '{}', '#a', '💥', '__proto__', 'constructor', 'null', '-1', 'x'.repeat(90), 'x'.repeat(300)],
];

/** For the part behind the question mark. The cursors are one that names no day and one with a NUL. */
export const QUERIES = [
  ...linesOf(`
    limit=-1
    limit=1e9
    limit=x&limit=y
    logs=99999
    logs=-1
    logs=%00
    status=gone
    status=failed&status=x
    since=never
    since=%2B275760-09-13
    since=-271821-04-20
    since=0
    until=0000-00-00
    until=2026-01-01T00%3A00Z&until=x
    cursor=x
    cursor=%00
    cursor=a&cursor=b
    cursor=MjAyNi05OS05OVQ6OlogeA
    cursor=MjAyNi0wMS0wMVQwMDowMDowMFogAA
    third_party_id=a&third_party_id=b
    third_party_id=%00
    third_party_id=%ED%A0%80
    parser_id[]=a
    parser_id=%FF
    runtime=%00
    cause=%00
    __proto__=a
    constructor=a
    attempt=99999
    attempt=-1
    attempt=1&attempt=2
    attempt=%00
    verbose=%00
    =&=&
    %`),
  ...['?'.repeat(50), `third_party_id=${'x'.repeat(5000)}`, `a=${'&a='.repeat(2000)}`],
];

/** Lines that a request may have; what they say is wrong, or wrong beside the body. */
export const ODD_HEADERS = [
  ...linesOf(`
    Content-Type: text/xml
    Content-Type: ;;;
    Content-Type:
    Content-Type: application/cloudevents+json
    Content-Type: application/cloudevents-batch+json
    Content-Type: application/json
    Content-Encoding: gzip
    Ce-Specversion: 1.0
    Ce-Specversion: 0.3
    Ce-Type: %zz
    Ce-Type: network.notifi.lambda.parser.start
    Ce-Id: a%00b
    Ce-Source: %ED%A0%80
    Ce-Datacontenttype: x
    Idempotency-Key: \xff\xfe
    X-Correlation-Id: a b
    Traceparent: 00-x
    Traceparent: \xe9
    Webhook-Request-Origin: \xe9
    Authorization: Bearer x
    Cookie: a=b
    Range: bytes=9-1
    If-None-Match: *
    Accept: */x
    Last-Event-Id: -1
    X-Forwarded-For: ,,
    Upgrade: websocket`),
  ...[`Ce-Id: ${'x'.repeat(300)}`, `Ce-Large: ${'x'.repeat(3000)}`, `Idempotency-Key: ${'x'.repeat(300)}`],
];

/** Lines that make the request none. */
export const BROKEN_HEADERS = [
  ...[
    'Transfer-Encoding: gzip',
    'No colon',
    ': no name',
    'Two words: x',
    'Ce-Ümlaut: x',
    'X: \x01',
    ' folded',
  ],
];
