import { auth } from './auth.js';
import { chatRoom } from './chatRoom.js';
import { chatService } from './chatService.js';
import { chatSession } from './chatSession.js';
import { config } from './config.js';
import { dns } from './dns.js';
import { im } from './im.js';
import { lyncFederation } from './lyncFederation.js';
import { lyncIm } from './lyncIm.js';
import { lyncNtlm } from './lyncNtlm.js';
import { lyncPresence } from './lyncPresence.js';
import { lyncRouting } from './lyncRouting.js';
import { lyncSession } from './lyncSession.js';
import { lyncSignature } from './lyncSignature.js';
import { lyncSignIn } from './lyncSignIn.js';
import { mras } from './mras.js';
import { presence } from './presence.js';
import { presenceRequest } from './presenceRequest.js';
import { prober } from './prober.js';
import { push } from './push.js';
import { sipFederation } from './sipFederation.js';
import { sipMessage } from './sipMessage.js';
import { sipResponse } from './sipResponse.js';
import { tcp } from './tcp.js';
import { tlsCertificate } from './tlsCertificate.js';
import { tlsHandshake } from './tlsHandshake.js';
import { turnMessage } from './turnMessage.js';
import { turnReach } from './turnReach.js';
import { turnRefusal } from './turnRefusal.js';
import { turnRelay } from './turnRelay.js';
import { xmppBind } from './xmppBind.js';
import { xmppClientDns } from './xmppClientDns.js';
import { xmppFederation } from './xmppFederation.js';
import { xmppGateway } from './xmppGateway.js';
import { xmppReach } from './xmppReach.js';
import { xmppRoom } from './xmppRoom.js';
import { xmppRoute } from './xmppRoute.js';
import { xmppSasl } from './xmppSasl.js';
import { xmppScram } from './xmppScram.js';
import { xmppStandby } from './xmppStandby.js';
import { xmppStanza } from './xmppStanza.js';
import { xmppStream } from './xmppStream.js';
import { xmppStreamError } from './xmppStreamError.js';
import { xmppXml } from './xmppXml.js';

/** Every code that a result can carry, by layer. Codes are stable: alerts are built on them. */
export const catalogue = {
  ...config,
  ...dns,
  ...tcp,
  ...tlsHandshake,
  ...tlsCertificate,
  ...auth,
  ...lyncSignIn,
  ...lyncNtlm,
  ...lyncSignature,
  ...lyncSession,
  ...sipMessage,
  ...sipResponse,
  ...lyncRouting,
  ...lyncFederation,
  ...sipFederation,
  ...push,
  ...presenceRequest,
  ...presence,
  ...lyncPresence,
  ...im,
  ...lyncIm,
  ...chatService,
  ...chatRoom,
  ...chatSession,
  ...xmppGateway,
  ...xmppRoute,
  ...xmppClientDns,
  ...xmppStream,
  ...xmppXml,
  ...xmppStreamError,
  ...xmppSasl,
  ...xmppScram,
  ...xmppBind,
  ...xmppStanza,
  ...xmppReach,
  ...xmppRoom,
  ...xmppFederation,
  ...xmppStandby,
  ...mras,
  ...turnReach,
  ...turnMessage,
  ...turnRefusal,
  ...turnRelay,
  ...prober,
} as const;
