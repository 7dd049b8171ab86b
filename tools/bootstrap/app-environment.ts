import type { StatePaths } from './state-folder.ts';
import type { AppName, Ports } from './ports.ts';
import type { Addresses } from './run-record.ts';

const PASSED = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'LOG_LEVEL',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'KUBECONFIG',
  'NODE_BASE_IMAGE',
  'PYTHON_BASE_IMAGE',
  'GO_BASE_IMAGE',
  'GO_FINAL_IMAGE',
];
const PASSED_PREFIXES = [
  ...[
    'SLIPWAY_',
    'SOURCE_',
    'MAX_',
    'IDLE_',
    'OTEL_',
    'PIP_',
    'NPM_CONFIG_',
    'BUILD_',
    'MONITOR_',
    'RECONCILE_',
  ],
  ...['SHUTDOWN_', 'LENIENT_', 'EVENT_', 'IMAGE_', 'QUEUE_', 'RETENTION_', 'CONTEXT_'],
];
/** Where contexts and uploaded sources are kept, credentials included: for the apps that read and write there. */
const STORE_PREFIXES = ['S3_', 'AWS_'];
const STORE_APPS: readonly AppName[] = ['context-builder', 'job-launcher'];
/** By name, not by prefix: GOOGLE_APPLICATION_CREDENTIALS begins with GO as well. */
const GO_SETTINGS = [
  ...['GOPROXY', 'GONOPROXY', 'GOPRIVATE', 'GOSUMDB', 'GONOSUMDB', 'GOINSECURE', 'GOAUTH', 'GOFLAGS'],
  ...['GOTOOLCHAIN', 'GOROOT', 'GOPATH', 'GOCACHE', 'GOMODCACHE'],
];
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
/** These say where this system lies, and what npm set for its own run of our script, not how the apps work. */
const WITHHELD = [
  ...['SLIPWAY_STATE_DIR', 'SLIPWAY_PORT_BASE', 'SLIPWAY_TEST_PORT_BASE'],
  ...['npm_config_local_prefix', 'npm_config_prefix', 'npm_config_user_agent', 'npm_config_npm_version'],
];

function passes(app: AppName, name: string): boolean {
  const upper = name.toUpperCase();
  if (WITHHELD.includes(name)) return false;
  // The tokens of private sources, for the one app that fetches them.
  if (upper.startsWith('SOURCE_CREDENTIALS')) return app === 'context-builder';
  if ([...PASSED, ...GO_SETTINGS].includes(name) || PROXIES.includes(upper)) return true;
  const prefixes = STORE_APPS.includes(app) ? [...PASSED_PREFIXES, ...STORE_PREFIXES] : PASSED_PREFIXES;
  return prefixes.some((prefix) => upper.startsWith(prefix));
}

export function addressesFor(ports: Ports): Pick<Addresses, 'api' | 'events' | 'functions'> {
  const at = (app: AppName) => `http://127.0.0.1:${ports.apps[app]}`;
  return { api: at('api'), events: at('ingest'), functions: at('gateway') };
}

interface AppPlace {
  env: NodeJS.ProcessEnv;
  ports: Ports;
  state: Pick<StatePaths, 'platform' | 'objects'>;
}

/** An app's whole environment: an allow-list of the caller's (settings, package managers) and what we decide. */
export function appEnvironment(app: AppName, place: AppPlace, addresses: Addresses): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(place.env).filter(([name]) => passes(app, name))),
    NODE_ENV: 'production',
    DATABASE_URL: addresses.database,
    AMQP_URL: addresses.amqp,
    SIDECAR_AMQP_URL: addresses.sidecarAmqp,
    HOST: '127.0.0.1',
    PORT: String(place.ports.apps[app]),
    STATE_DIR: place.state.platform,
    OBJECT_STORE_URL: `file://${place.state.objects}`,
    SLIPWAY_PLATFORM: 'local',
    SLIPWAY_BUILDER: 'host',
    API_URL: addresses.api,
    GATEWAY_URL: addresses.functions,
    INGEST_URL: addresses.events,
    LOG_FORMAT: 'json',
  };
}
