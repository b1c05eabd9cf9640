/** Bundles every program into `dist/`. */
export function build(): Promise<void>;
/** Makes only what is deployed, or only the named files of it, in a folder of its own. */
export function buildApp(folder: string, files?: readonly ('main.cjs' | 'telemetry.cjs')[]): Promise<void>;
