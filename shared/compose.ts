import { readEnvironment } from './config/environment.js';
import { loadSettings } from './config/loadSettings.js';
import { regionProblem } from './config/regions.js';
import type { Variables } from './config/secrets.js';
import { type Clock, systemClock } from './domain/clock.js';
import { faultyService } from './faultyService.js';
import type { Service } from './service.js';
import { workingService } from './workingService.js';

const storageExpected =
  'is not set; expected the table endpoint of the results account (and RESULTS_BLOB_ENDPOINT), or RESULTS_CONNECTION_STRING';

/** Reads environment and configuration and joins the parts. Never throws; storage is opened on first use. */
export function compose(variables: Variables, clock: Clock = systemClock): Service {
  const { environment, problems } = readEnvironment(variables);
  if (problems) return faultyService(problems);
  const loaded = loadSettings({ path: environment.configPath, region: environment.region });
  if (loaded.problems) return faultyService(loaded.problems);
  const foreign = regionProblem(loaded.settings);
  if (foreign !== undefined) return faultyService([{ path: 'PROBE_REGION', message: foreign }]);
  const { storage } = environment;
  if (!storage) return faultyService([{ path: 'RESULTS_TABLE_ENDPOINT', message: storageExpected }]);
  return workingService(loaded.settings, { ...environment, storage }, variables, clock);
}
