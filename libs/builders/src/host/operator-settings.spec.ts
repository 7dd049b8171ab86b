import { operatorSettings } from './operator-settings';

test.each([
  'PATH',
  'HTTPS_PROXY',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'NETRC',
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
  'NPM_CONFIG_USERCONFIG',
  'npm_config_@acme:registry',
  'npm_config_//r.example/npm/:_authToken',
  'YARN_NPM_REGISTRY_SERVER',
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_CONFIG_FILE',
  'GOPROXY',
  'GONOPROXY',
  'GONOSUMDB',
  'GOPRIVATE',
  'GOAUTH',
])('%s reaches a host build', (name) => {
  expect(operatorSettings({ [name]: 'x' })).toEqual({ [name]: 'x' });
});

test.each([
  'DATABASE_URL',
  'AMQP_URL',
  'SIDECAR_AMQP_URL',
  'AWS_SECRET_ACCESS_KEY',
  'HOME',
  'NODE_OPTIONS',
  'npm_config_userconfig',
  'npm_config_cache',
  'YARN_PLUGINS',
  'GOPATH',
  'MY_PATH',
])('%s does not', (name) => {
  expect(operatorSettings({ [name]: 'x' })).toEqual({});
});
