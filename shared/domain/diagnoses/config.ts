import type { CatalogueEntry } from '../diagnosis.js';

/** What is wrong with the prober's own settings; the Edge was not asked. */
export const config = {
  CONFIG_SECRET_MISSING: {
    layer: 'config',
    fault: 'prober',
    meaning: 'A password that the monitoring needs is not set where it runs; this says nothing about the service.',
    causes: [
      'The environment variable that probes.json names for the password was never set, or is empty, in this region.',
      'In Azure: the Key Vault reference of that app setting does not resolve, because the secret was deleted or the function app may not read it.',
      'The variable was renamed in probes.json but not where the prober runs.',
      'On a laptop: the shell was opened anew and the file with the secrets was not loaded.',
    ],
    next: [
      'The error names the variable: see which ones probes.json asks for and which are missing with `edge-probes check-config`.',
      'In Azure: list the names that are set: `az functionapp config appsettings list --name <function-app> --resource-group <group> --query "[].name"`.',
      'In Azure: see in the portal, under Environment variables, whether the Key Vault reference shows a green tick; if not, grant the function app the role Key Vault Secrets User.',
      'Set it, without leaving the password in the shell history: `read -rs <NAME> && export <NAME>`, then start the run again.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
