import type { LyncChat } from '../../../shared/protocols/lync/chat/lyncChat.js';
import type { EdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { openOurClient, patient } from './ourClient.js';

/** Our own client as a user in a chat room, beside whoever else is there. */
export interface OurChat {
  readonly chat: LyncChat;
  /** Leaves the room and signs out. */
  close(): Promise<void>;
}

/** Signs a user of the simulator in and opens its session with the chat service. */
export async function openOurChat(simulator: EdgeSimulator, name: keyof EdgeSimulator['users']): Promise<OurChat> {
  const { account, user, ports, close } = await openOurClient(simulator, name);
  const chat = ports.openLyncChat(user, account);
  await chat.open(await chat.findService(patient()), patient());
  return {
    chat,
    async close() {
      await chat.leave(patient());
      await close();
      chat.close();
    },
  };
}
