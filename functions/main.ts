import { app } from '@azure/functions';
import { compose } from '../shared/compose.js';
import { registerPage } from './getPage.js';
import { registerStatus } from './getStatus.js';
import { registerRun } from './postRun.js';
import { registerTimers } from './timers.js';

// Read once, while the worker indexes the functions: a wrong configuration leaves the HTTP functions to say so.
const service = compose(process.env);

registerTimers(service);
registerStatus(service);
registerRun(service);
registerPage(service);
app.hook.appTerminate(() => service.stop());
