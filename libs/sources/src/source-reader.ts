import { SourceFetcher, type FetchedSource, type ObjectStore, type SourceSpec } from '@slipway/domain';
import { AddressPolicy, type Resolver } from './address-policy/address-policy';
import { fetchUrl, type FetchOptions } from './archive-url/fetch-url';
import { readArchive } from './archive/read-archive';
import { SourceCredentials, type SourceCredential } from './credentials/source-credentials';
import { readGit, type GitOptions } from './git/read-git';
import { readInline } from './inline/read-inline';
import { DEFAULT_LIMITS, type SourceLimits } from './limits';
import { assertObjectKey } from './object/object-key';
import { readObject } from './object/read-object';

export interface SourceReaderOptions extends Pick<GitOptions, 'searchPath' | 'temporaryFolder'> {
  objects: ObjectStore;
  /** Buckets that may be read from. */
  buckets: readonly string[];
  httpHosts?: readonly string[];
  /** For private archives and repositories; each is sent to its one host alone, at most one for each host. */
  credentials?: readonly SourceCredential[];
  limits?: Partial<SourceLimits>;
  resolve?: Resolver;
}

/** Reads sources of every supported kind. */
export class SourceReader extends SourceFetcher {
  private readonly limits: SourceLimits;
  private readonly policy: AddressPolicy;
  private readonly credentials: SourceCredentials;
  private readonly options: Omit<SourceReaderOptions, 'credentials'>;

  /** Fails where a credential could not be sent. */
  constructor({ credentials, ...options }: SourceReaderOptions) {
    super();
    this.options = options;
    this.credentials = new SourceCredentials(credentials);
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.policy = new AddressPolicy({ httpHosts: options.httpHosts ?? [], resolve: options.resolve });
  }

  async fetch(source: SourceSpec): Promise<FetchedSource> {
    switch (source.kind) {
      case 'object':
        assertObjectKey(source, this.options.buckets);
        return readObject(this.options.objects, source, this.limits);
      case 'inline':
        return readInline(source.files, this.limits);
      case 'archive':
        return this.archive(source.url);
      case 'git':
        return readGit(source, { ...this.options, ...this.fetching });
    }
  }

  private get fetching(): FetchOptions {
    return { policy: this.policy, limits: this.limits, credentials: this.credentials };
  }

  private async archive(url: string): Promise<FetchedSource> {
    const fetched = await fetchUrl(url, this.fetching);
    const entries = await readArchive(fetched.bytes, this.limits);
    return {
      entries,
      revision: fetched.etag ? `${fetched.finalUrl} ${fetched.etag}` : fetched.finalUrl,
      notes: [],
    };
  }
}
