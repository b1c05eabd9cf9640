import { answerTo } from '../../../sip/answer.js';
import { readNameAddress } from '../../../sip/values.js';
import type { Outgoing } from '../../service.js';
import { type Admitted, refusing } from '../poolService.js';
import { destinationOf, type Pool } from '../routing.js';
import { selfDocument } from './documents.js';
import { difference, type PresenceDesk } from './presenceDesk.js';
import { overtaken, publishAll, type WrongDelta } from './publications.js';
import { readPublish } from './publishRequest.js';

const mostPublications = 1000;

/** Answers a SERVICE that publishes categories, and tells whoever watches (MS-PRES 3.2.5.2). `overtakes`: another endpoint was faster. */
export function publish(exchange: Admitted, desk: PresenceDesk, pool: Pool, overtakes: boolean): readonly Outgoing[] {
  const { request, source, flow, user, binding, nowMs } = exchange;
  const refuse = (status: number, reason: string, diagnostics: string): readonly Outgoing[] => [
    { flow, answer: refusing(exchange, status, reason, `${diagnostics};source="${pool.host}"`) },
  ];
  const wish = readPublish(request.body);
  if (wish === undefined) return refuse(400, 'Bad Request', '4001;reason="XML does not parse"');
  const owner = destinationOf(readNameAddress(wish.uri)?.uri ?? '', pool);
  if (owner.kind !== 'user' || owner.user !== user) {
    return refuse(403, 'Forbidden', '2004;reason="Publisher is not authorized"');
  }
  if (desk.publications.all.length >= mostPublications)
    return refuse(503, 'Service Unavailable', '1;reason="Too much is published"');
  const faster = overtakes ? overtaken(desk.publications, { user, nowMs }, wish.operations) : desk.publications;
  const told = desk.change(faster, 'own-change', nowMs);
  const before = desk.publications;
  const published = publishAll(before, { user, epid: binding.epid, nowMs }, wish.operations);
  if (published.kind === 'refused') return [...told, { flow, answer: wrongDelta(exchange, published.faults) }];
  const occasion = wish.operations.every(({ removal }) => removal) ? 'unpublished' : 'published';
  const { changed, gone } = difference(before, published.state, user);
  const document = selfDocument(`sip:${user}@${pool.domain}`, changed, gone, false);
  const type = { name: 'Content-Type', value: document.type };
  const answer = { ...answerTo(request, source, 200, 'OK', [type]), body: document.body };
  return [{ flow, answer }, ...desk.change(published.state, occasion, nowMs)];
}

function wrongDelta({ request, source }: Admitted, faults: readonly WrongDelta[]) {
  const operations = faults.map(
    ({ index, currentVersion }) => `<operation index="${index}" curVersion="${currentVersion}"/>`,
  );
  const body = `<Fault xmlns="http://schemas.microsoft.com/2006/09/sip/service-fault"><Faultcode>Client.BadCall.WrongDelta</Faultcode><details>${operations.join('')}</details></Fault>`;
  const type = { name: 'Content-Type', value: 'application/msrtc-fault+xml' };
  return { ...answerTo(request, source, 409, 'Conflict', [type]), body };
}
