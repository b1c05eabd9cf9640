import { dirname } from 'node:path';
import { runLocal } from './runLocal.js';

// The bundle lies in dist/; the app may leave sockets open, which must not hold the process.
void runLocal({ root: dirname(__dirname), process }).then((code) => process.exit(code));
