const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/**
 * Fills `{{name}}` placeholders. A line with an empty value is left out. Throws where a name is unknown: a template must
 * never reach a builder half filled.
 */
export function render(template: string, values: Readonly<Record<string, string>>): string {
  const valueOf = (name: string): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template names {{${name}}}, which is not known`);
    if (/[\r\n]/.test(value)) throw new Error(`the value of {{${name}}} has more than one line`);
    return value;
  };
  return template
    .split('\n')
    .filter((line) => [...line.matchAll(PLACEHOLDER)].every(([, name = '']) => valueOf(name) !== ''))
    .map((line) => line.replaceAll(PLACEHOLDER, (_, name: string) => valueOf(name)))
    .join('\n');
}
