import { createHash } from 'node:crypto';

/** Ids of tenants and functions as they come over the wire: 1–100 characters, the first a letter or digit. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
/** The same as a person reads it behind the name of a field. */
export const ID_RULE = 'must be 1–100 of A–Z a–z 0–9 _ - and begin with a letter or digit';

const MAX_BUILD_ID = 59;
const MAX_SERVICE = 50;

function digestOf(...parts: string[]): string {
  const hash = createHash('sha256');
  // Length-prefixed, so that ("a-b", "c") and ("a", "b-c") differ.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}

/** A lower-case DNS label part of at most `max` characters. */
export function slug(text: string, max: number): string {
  const clean = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return clean.slice(0, max).replace(/^-+|-+$/g, '') || 'x';
}

function joined(prefix: string, tenant: string, parser: string, tail: string, max: number): string {
  const room = max - prefix.length - tail.length - 3;
  const tenantSlug = slug(tenant, Math.floor(room / 2));
  const parserSlug = slug(parser, room - tenantSlug.length);
  return `${prefix}-${tenantSlug}-${parserSlug}-${tail}`;
}

export interface EventKey {
  tenant: string;
  source: string;
  id: string;
}

/** `build-{tp}-{parser}-{10 hex}`; `clash` takes the next ten digits where an id is taken by another event. */
export function buildIdOf(parser: string, event: EventKey, clash = 0): string {
  const hex = digestOf(event.tenant, event.source, event.id).slice(clash * 10, clash * 10 + 10);
  return joined('build', event.tenant, parser, hex, MAX_BUILD_ID);
}

/** The Job of an attempt. Attempt 1 has the build's own id, so that both names of the fifth requirement document agree. */
export function jobNameOf(buildId: string, attempt: number): string {
  return attempt === 1 ? buildId : `${buildId}-${attempt}`;
}

/** The function's service name, unique for the exact pair of ids. */
export function serviceNameOf(tenant: string, parser: string): string {
  return joined('lambda', tenant, parser, digestOf(tenant, parser).slice(0, 10), MAX_SERVICE);
}

/** A revision is one digest under one set of options; equal ones get equal names. */
export function revisionNameOf(service: string, digest: string, template: string): string {
  return `${service}-${digestOf(digest, template).slice(0, 8)}`;
}

export interface ImageName {
  repository: string;
  tenant: string;
  parser: string;
  identity: string;
  /** Forced builds and later attempts must not move a tag that others rely on. */
  unique?: { buildId: string; attempt: number };
}

/** `{repository}:{tp}-{parser}-{identity12}`; `{tp}` inside the repository is replaced by the tenant. */
export function imageUriOf(image: ImageName): string {
  const tail = image.unique ? `-${image.unique.buildId.slice(-10)}-${image.unique.attempt}` : '';
  const end = `${image.identity.slice(0, 12)}${tail}`;
  const head = `${image.tenant}-${image.parser}`.slice(0, 128 - end.length - 1).replace(/^[.-]+/, '');
  return `${image.repository.replaceAll('{tp}', image.tenant.toLowerCase())}:${head}-${end}`;
}

/** The same image by its content: `{repository}@{digest}` in place of the tag. */
export function digestReferenceOf(imageUri: string, digest: string): string {
  return `${imageUri.replace(/:[^:/]*$/, '')}@${digest}`;
}

/** What orders messages: all of one function travel under one key. */
export function partitionKeyOf(tenant: string, parser: string): string {
  return `${tenant}/${parser}`;
}

/** Where a store of objects keeps a context: `build-context/{tp}/{parser}/{identity}/context.tar.gz`. */
export function contextKeyOf(name: Pick<ImageName, 'tenant' | 'parser' | 'identity'>): string {
  return `build-context/${name.tenant}/${name.parser}/${name.identity}/context.tar.gz`;
}

const CONTEXT_KEY = /^build-context\/([^/]+)\/[^/]+\/([0-9a-f]{64})\/context\.tar\.gz$/;

/** Whose context lies at a key of `contextKeyOf`, and of what content; empty for any other key. */
export function contextOwnerIn(key: string): { tenant?: string; identity?: string } {
  const [, tenant, identity] = CONTEXT_KEY.exec(key) ?? [];
  return tenant === undefined ? {} : { tenant, identity };
}

/** The ConfigMap that keeps a context: `{service}-build-context-{identity12}`, at most 77 of the 253 characters allowed. */
export function contextConfigMapOf(name: Pick<ImageName, 'tenant' | 'parser' | 'identity'>): string {
  return `${serviceNameOf(name.tenant, name.parser)}-build-context-${name.identity.slice(0, 12)}`;
}

const LABEL_VALUE = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/**
 * An id as a label of Kubernetes may hold it: as it is where that is allowed, else the allowed beginning and ten hex
 * digits, so that different ids stay different. Of the 64 digits of a SHA-256 the first 63 are enough.
 */
export function labelValueOf(id: string): string {
  if (LABEL_VALUE.test(id)) return id;
  if (/^[0-9a-f]{64}$/.test(id)) return id.slice(0, 63);
  const clean = id.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return `${clean.slice(0, 52)}-${digestOf(id).slice(0, 10)}`.replace(/^-/, '');
}
