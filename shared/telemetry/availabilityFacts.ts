import type { TransactionResult } from '../domain/result.js';
import { printable } from '../domain/text.js';
import { measurementsOf, propertiesOf, stepMeasurementsOf } from './facts.js';
import type { Measurements, Properties } from './telemetryItem.js';

/** Bytes of an availability result on the wire, and how many of them it has with everything in it empty. */
const mostBytes = 1_536;
const emptyBytes = 620;
/** Bytes of a diagnosis that are told in any case, and at most; the whole of it is in the stored result. */
const shortestMessage = 96;
const longestMessage = 256;

/** What a run is shown with. */
export interface Facts {
  readonly message: string;
  readonly properties: Properties;
  readonly measurements: Measurements;
}

/** The name that the portal groups by. */
export function nameOf({ edge, transaction }: TransactionResult): string {
  return `${edge}/${transaction}`;
}

/** The facts of a run, such that its availability result stays within 1.5 KB: the steps' times (which the dependencies have too) and the message give way. */
export function factsOf(result: TransactionResult): Facts {
  const properties = propertiesOf(result);
  const measurements = { ...measurementsOf(result) };
  const names = bytesOf([result.runId, nameOf(result), result.region, result.region]);
  let room = mostBytes - emptyBytes - names - bytesOf([properties, measurements]);
  for (const [name, ms] of Object.entries(stepMeasurementsOf(result))) {
    const bytes = bytesOf({ [name]: ms });
    if (room - bytes < shortestMessage) break;
    measurements[name] = ms;
    room -= bytes;
  }
  const limit = Math.min(Math.max(room, shortestMessage), longestMessage);
  return { message: messageOf(result, limit), properties, measurements };
}

/** `CODE: error`, cut to so many bytes of JSON. */
function messageOf({ diagnosis }: TransactionResult, limit: number): string {
  if (!diagnosis) return '';
  let message = printable(`${diagnosis.code}: ${diagnosis.error}`, limit);
  while (bytesOf(message) > limit) message = printable(message, message.length - 1);
  return message;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
