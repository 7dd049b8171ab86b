import type { ControlServer } from '../control/control-server';
import type { ProxyServer } from '../proxy/proxy-server';
import type { FunctionCatalogue } from './function-catalogue';
import type { FunctionPool } from './function-pool';
import type { ProcessRegistry } from './process-registry';

export interface FunctionsPartOptions {
  registry: ProcessRegistry;
  catalogue: FunctionCatalogue;
  pool: FunctionPool;
  control: ControlServer;
  proxy: ProxyServer;
  host: string;
  port: number;
}

/** The function side of the gateway as one part of the app: started in this order, stopped in the opposite one. */
export class FunctionsPart {
  readonly name = 'functions';
  private serving = false;

  constructor(private readonly options: FunctionsPartOptions) {}

  async start(): Promise<void> {
    const { registry, catalogue, pool, control, proxy, host, port } = this.options;
    await registry.endLeftovers();
    await catalogue.start();
    pool.start();
    await proxy.listen(host, port);
    await control.start();
    this.serving = true;
  }

  async check(): Promise<void> {
    if (!this.serving) throw new Error('the functions are not being served');
  }

  async stop(graceMs: number): Promise<void> {
    this.serving = false;
    await this.options.control.stop();
    await this.options.proxy.close(graceMs);
    await this.options.pool.close();
    this.options.catalogue.stop();
  }
}
