import {
  DEFAULT_NAMING,
  DeployData,
  EVENTS,
  QUEUES,
  SourceData,
  TriggerData,
  type EventDefinition,
} from '@slipway/contracts';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  items?: Schema;
  $ref?: string;
}

const SCHEMAS = validationMetadatasToSchemas({
  classTransformerMetadataStorage: defaultMetadataStorage as never,
}) as Record<string, Schema>;

function typeOf(schema: Schema): string {
  if (schema.$ref)
    return schema.$ref
      .split('/')
      .pop()!
      .replace(/^Object$/, 'object');
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  return schema.type === 'array' ? `list of ${typeOf(schema.items ?? {})}` : (schema.type ?? 'any');
}

/** The schema of a class together with those of the classes that it extends, outermost first. */
function schemaOf(shape: { name: string } | null): Required<Pick<Schema, 'properties' | 'required'>> {
  if (shape === null || shape.name === '') return { properties: {}, required: [] };
  const parent = schemaOf(Object.getPrototypeOf(shape) as { name: string } | null);
  const own = SCHEMAS[shape.name];
  return {
    properties: { ...parent.properties, ...own?.properties },
    required: [...parent.required, ...(own?.required ?? [])],
  };
}

/** Parts of the data that several events share. */
const PARTS: readonly { shape: { name: string }; about: string }[] = [
  {
    shape: SourceData,
    about: `Where the source lies. Kind \`object\`: \`key\` below \`global/parser/\` or \`tenants/{third_party_id}/\` (default
\`global/parser/{parser_id}\`): one file, a folder, a .zip or .tar.gz. Kind \`inline\`: \`files\` as \`{path: text}\`, or one file as \`code\`.
Kind \`archive\`: the \`url\` of a .zip or .tar.gz. Kind \`git\`: the \`url\` of a repository, with \`ref\` (a branch, tag or commit; default
its main branch) and \`path\` (a folder in it). The field \`source_url\` is the short form: an archive's URL, \`s3://bucket/key\`, or a git
repository's.`,
  },
  {
    shape: DeployData,
    about: 'How the function is served. Absent keeps what was set before, null goes back to the default.',
  },
  {
    shape: TriggerData,
    about:
      'Events that the function asks for; `filters` are exact values of attributes, all of which must match.',
  },
];

function fields(definition: { data: { name: string } }): string {
  const schema = schemaOf(definition.data);
  const rows = Object.entries(schema.properties).map(([name, property]) => {
    const required = schema.required.includes(name) ? 'yes' : '';
    return `| \`${name}\` | ${typeOf(property)} | ${required} |`;
  });
  return rows.length === 0
    ? 'The data is passed on untouched.\n'
    : `| field | type | required |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function queuesOf(definition: EventDefinition): string {
  const queues = Object.values(QUEUES).filter((queue) =>
    (queue.types as readonly string[]).includes(definition.type),
  );
  return queues.length === 0 ? 'no queue of its own' : queues.map((queue) => `\`${queue.name}\``).join(', ');
}

export function eventsPage(): string {
  const parts = EVENTS.map(
    (definition) => `## ${definition.type}

${definition.summary} A ${definition.kind}, from ${definition.from} to ${definition.to}; ${queuesOf(definition)}.

${fields(definition)}`,
  );
  return `# Events

CloudEvents 1.0 on the topic exchange \`cloud-events\`; the routing key is the type. Every type below begins with
\`${DEFAULT_NAMING.typePrefix}\` (a setting). Commands carry the source \`${DEFAULT_NAMING.sourcePrefix}{third_party_id}\` and the subject
\`{parser_id}\`; facts carry the source \`${DEFAULT_NAMING.sourcePrefix}builder\` and the subject \`build/{third_party_id}/{parser_id}\`.
What cannot be understood goes to \`{queue}-dlq\` with the headers \`x-reason\` and \`x-detail\`.
This page is generated from the event catalogue by \`npm run generate\`.

${parts.join('\n')}
${PARTS.map(({ shape, about }) => `## ${shape.name}\n\n${about}\n\n${fields({ data: shape })}`).join('\n')}`;
}
