/**
 * A CloudEvent 1.0 as Slipway handles it, whatever the transport was.
 * Source of the attribute rules: cloudevents/spec, cloudevents/spec.md (v1.0.2).
 */
export interface CloudEvent<T = unknown> {
  id: string;
  source: string;
  type: string;
  specversion: '1.0';
  /** RFC 3339. */
  time?: string;
  subject?: string;
  datacontenttype?: string;
  dataschema?: string;
  /** Extension attributes, names in lower case, values in their string form. */
  extensions: Record<string, string>;
  /** Parsed JSON where the content type says so, otherwise the bytes; undefined where there is none. */
  data?: T;
}

export const CONTEXT_ATTRIBUTES = [
  'id',
  'source',
  'type',
  'specversion',
  'time',
  'subject',
  'datacontenttype',
  'dataschema',
];

/** How the names on the wire begin. Both are settings, because an installation may speak for another organisation. */
export interface EventNaming {
  /** `network.notifi.lambda.` */
  typePrefix: string;
  /** `network.notifi.` */
  sourcePrefix: string;
}

export const DEFAULT_NAMING: EventNaming = {
  typePrefix: 'network.notifi.lambda.',
  sourcePrefix: 'network.notifi.',
};

/** `build.start` of `network.notifi.lambda.build.start`; undefined where the type is not one of ours. */
export function shortTypeOf(type: string, naming: EventNaming): string | undefined {
  return type.startsWith(naming.typePrefix) ? type.slice(naming.typePrefix.length) : undefined;
}

/** Whether the bytes of an event with this content type are JSON (RFC 6839 suffix included; none means JSON). */
export function isJsonContent(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === '') return true;
  const mediaType = contentType.split(';')[0]!.trim().toLowerCase();
  return mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json');
}
