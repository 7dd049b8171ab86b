const PLACEHOLDER = /\{\{(\w+)\}\}/g;

export type TemplateValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * Fills `{{name}}` placeholders. A line with an empty value is left out, one with a list is repeated for each of its values.
 * Throws where a name is unknown: a template must never reach a builder half filled.
 */
export function render(template: string, values: TemplateValues): string {
  return template
    .split('\n')
    .flatMap((line) => filled(line, values))
    .join('\n');
}

function filled(line: string, values: TemplateValues): string[] {
  const names = [...line.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const list = names.find((name) => Array.isArray(valueOf(name, values)));
  if (list !== undefined) {
    return [valueOf(list, values)].flat().flatMap((each) => filled(line, { ...values, [list]: each }));
  }
  if (names.some((name) => valueOf(name, values) === '')) return [];
  return [line.replaceAll(PLACEHOLDER, (_, name: string) => String(valueOf(name, values)))];
}

function valueOf(name: string, values: TemplateValues): string | readonly string[] {
  const value = values[name];
  if (value === undefined) throw new Error(`the template names {{${name}}}, which is not known`);
  if (/[\r\n]/.test([value].flat().join(' ')))
    throw new Error(`the value of {{${name}}} has more than one line`);
  return value;
}
