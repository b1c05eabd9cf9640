/** The application settings, as the app sees them in its environment. */
export type AppSettings = Readonly<Record<string, string | undefined>>;

/** Replaces every `%NAME%` by that setting. Throws when one is not set: the text would silently mean something else. */
export function expandSettings(text: string, settings: AppSettings): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`the setting ${name} is not set`);
    return value;
  });
}

/** Azure's switch for one function: `AzureWebJobs.<name>.Disabled` is `true` or `1`. */
export function isDisabled(functionName: string, settings: AppSettings): boolean {
  return /^(true|1)$/i.test(settings[`AzureWebJobs.${functionName}.Disabled`]?.trim() ?? '');
}
