import { describeContextStore } from '../contracts/context-store.contract';
import { describeObjectStore } from '../contracts/object-store.contract';
import { MemoryContextStore } from './memory-context-store';
import { MemoryObjectStore } from './memory-object-store';

describeObjectStore('the memory', async () => ({ store: new MemoryObjectStore(), bucket: 'sources' }));

describeContextStore(
  'the memory',
  async () => new MemoryContextStore(),
  async (url) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'),
);
