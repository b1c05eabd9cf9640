/** What a template's placeholders stand for. */
export type TemplateValues = Readonly<Record<string, string | number | boolean>>;

/** Replaces each `{{name}}`. Throws when a name has no value: a half-filled configuration must never be used. */
export function fillTemplate(text: string, values: TemplateValues): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`template: no value for {{${name}}}`);
    return String(value);
  });
}
