import type { BuildStartData, SourceData } from '@slipway/contracts';
import { SlipwayError, type FieldProblem, type SourceSpec } from '@slipway/domain';

export interface SourceDefaults {
  bucket: string;
  parser: string;
  tenant: string;
}

function refuse(pointer: string, detail: string): never {
  const problems: FieldProblem[] = [{ pointer, detail }];
  throw new SlipwayError('invalid_event', `${pointer} ${detail}.`, { problems });
}

function assertKey(key: string, tenant: string, pointer: string): void {
  const own = key.startsWith('global/parser/') || key.startsWith(`tenants/${tenant}/`);
  const clean =
    !key.includes('//') &&
    !key.split('/').some((part) => part === '.' || part === '..') &&
    !key.includes('\0');
  if (!own || !clean) refuse(pointer, `must be a plain key below "global/parser/" or "tenants/${tenant}/"`);
}

function object(
  key: string | undefined,
  bucket: string | undefined,
  defaults: SourceDefaults,
  pointer: string,
): SourceSpec {
  const named = key ?? `global/parser/${defaults.parser}`;
  assertKey(named, defaults.tenant, pointer);
  return { kind: 'object', bucket: bucket ?? defaults.bucket, key: named };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('/data/source_url', 'is not properly percent-encoded');
  }
}

/** The short form: `s3://bucket/key`, an archive's URL, or a git repository. */
function fromUrl(text: string, defaults: SourceDefaults): SourceSpec {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse('/data/source_url', 'must be an absolute URL');
  }
  if (url.protocol === 's3:') {
    return object(decoded(url.pathname.slice(1)), url.hostname, defaults, '/data/source_url');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse('/data/source_url', 'must begin with https:// or s3://');
  }
  if (/\.(zip|tar\.gz|tgz)$/i.test(url.pathname)) return { kind: 'archive', url: text };
  if (url.protocol === 'http:' && !url.pathname.endsWith('.git'))
    return refuse('/data/source_url', 'must end in .zip, .tar.gz, .tgz or .git where it begins with http://');
  return { kind: 'git', url: text };
}

function inline(files: Record<string, string> | undefined, pointer: string): SourceSpec {
  const entries = Object.entries(files ?? {});
  if (entries.length === 0) refuse(pointer, 'must hold at least one file');
  for (const [path, text] of entries) {
    if (typeof text !== 'string') refuse(`${pointer}/${path}`, 'must be the text of the file');
  }
  return { kind: 'inline', files: { ...files } };
}

/** A single file of source is named by the entrypoint, or later by the runtime's default. */
function single(code: string, request: BuildStartData): SourceSpec {
  return { kind: 'inline', files: { [request.entrypoint ?? '']: code } };
}

function fromSource(source: SourceData, request: BuildStartData, defaults: SourceDefaults): SourceSpec {
  switch (source.kind) {
    case 'object':
      return object(source.key, source.bucket, defaults, '/data/source/key');
    case 'inline':
      return source.code !== undefined && source.files === undefined
        ? single(source.code, request)
        : inline(source.files, '/data/source/files');
    case 'archive':
    case 'git':
      if (!source.url) refuse('/data/source/url', `is required for kind ${source.kind}`);
      return {
        kind: source.kind,
        url: source.url,
        ...(source.kind === 'git' ? { ref: source.ref, path: source.path } : {}),
      };
  }
}

/** Where the source of a start event lies. At most one of source, source_url and code may be given. */
export function sourceOf(request: BuildStartData, defaults: SourceDefaults): SourceSpec {
  const given = ['source', 'source_url', 'code'].filter(
    (name) => request[name as keyof BuildStartData] !== undefined,
  );
  if (given.length > 1) refuse(`/data/${given[1]}`, `must not be given together with ${given[0]}`);
  if (request.source) return fromSource(request.source, request, defaults);
  if (request.source_url !== undefined) return fromUrl(request.source_url, defaults);
  if (request.code !== undefined) return single(request.code, request);
  return object(undefined, undefined, defaults, '/data/source/key');
}
