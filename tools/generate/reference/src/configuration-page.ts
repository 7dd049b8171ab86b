import { settingsOf, type Setting, type SettingsClass } from '@slipway/service-kit';
import { SHAPES as api } from '../../../../apps/api/src/config';
import { SHAPES as contextBuilder } from '../../../../apps/context-builder/src/config';
import { SHAPES as gateway } from '../../../../apps/gateway/src/config';
import { SHAPES as ingest } from '../../../../apps/ingest/src/config';
import { SHAPES as jobLauncher } from '../../../../apps/job-launcher/src/config';
import { SHAPES as serviceDeployer } from '../../../../apps/service-deployer/src/config';
import { SHAPES as sidecarMonitor } from '../../../../apps/sidecar-monitor/src/config';

const APPS: Record<string, readonly SettingsClass[]> = {
  ingest,
  'context-builder': contextBuilder,
  'job-launcher': jobLauncher,
  'service-deployer': serviceDeployer,
  api,
  gateway,
  'sidecar-monitor': sidecarMonitor,
};

/** Depends on the machine, so the page says how it is found instead of what it is here. */
const COMPUTED: Record<string, string> = {
  MAX_CONCURRENT_BUILDS: 'cores, at least 2',
  MAX_CONCURRENT_BUILDS_PER_TENANT: 'cores, at least 2',
};

function defaultOf(setting: Setting): string {
  const computed = COMPUTED[setting.name];
  if (computed) return computed;
  if (setting.default === undefined) return '';
  return `\`${setting.type === 'boolean' ? (setting.default ? 'on' : 'off') : String(setting.default)}\``;
}

function row(setting: Setting): string {
  const about = setting.secret
    ? `${setting.about} Also from the file in \`${setting.name}_FILE\`.`
    : setting.about;
  return `| \`${setting.name}\` | ${defaultOf(setting)} | ${about} |`;
}

export function configurationPage(): string {
  const parts = Object.entries(APPS).map(([app, shapes]) => {
    const rows = shapes.flatMap((shape) => settingsOf(shape).map(row));
    return `## ${app}\n\n| variable | default | what it is |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Configuration

Every setting is an environment variable. An app that is configured wrongly does not start: it prints one sentence per wrong
variable, all at once. This page is generated from the apps' own schemas by \`npm run generate\`.

${parts.join('\n')}`;
}
