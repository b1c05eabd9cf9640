import { childrenOf, numberOf, readDocument } from './document.js';
import type { VersionedSlot } from './publishDocument.js';

/**
 * The slots of a publication that was refused because of its versions, with those that the server has (409 with WrongDelta, MS-PRES
 * 2.2.2.5.3); undefined when the fault is another one, or corrects nothing.
 */
export function correctVersions(fault: string, sent: readonly VersionedSlot[]): readonly VersionedSlot[] | undefined {
  const reading = readDocument(fault, ['Fault']);
  if (reading.kind !== 'element') return undefined;
  const { root } = reading;
  const [code] = childrenOf(root, 'Faultcode');
  if (code?.text.trim() !== 'Client.BadCall.WrongDelta') return undefined;
  const operations = childrenOf(root, 'details').flatMap((details) => childrenOf(details, 'operation'));
  const current = new Map(operations.map((one) => [numberOf(one, 'index'), numberOf(one, 'curVersion')]));
  // The place of a publication in the request, counted from 1.
  const corrected = sent.map((slot, place) => ({ ...slot, version: current.get(place + 1) ?? slot.version }));
  return corrected.some((slot, place) => slot.version !== sent[place]?.version) ? corrected : undefined;
}
