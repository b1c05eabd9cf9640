import { fail } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { EchoSample } from './sample.js';

/** Speech suffers audibly from more. */
const mostLossPercent = 5;

/** Throws when nothing came back; warns when too much was lost. */
export function requireEcho(sample: EchoSample, peer: string, scope: Scope): void {
  const { sent, arrived, returned, lossPercent, duplicates } = sample;
  if (returned === 0) {
    const where = arrived === 0 ? 'none reached the other allocation' : `${arrived} reached the other, none came back`;
    fail('TURN_ECHO_LOST', { error: `${peer} relayed none of ${sent} packets: ${where}` });
  }
  if (lossPercent > mostLossPercent) {
    const message = `${peer} relayed ${returned} of ${sent} packets there and back: ${lossPercent} % lost`;
    scope.warn({ code: 'TURN_ECHO_LOSS', message });
  }
  if (duplicates > 0) {
    scope.warn({
      code: 'TURN_ECHO_DUPLICATED',
      message: `${peer} brought ${duplicates} of ${sent} packets back twice`,
    });
  }
}
