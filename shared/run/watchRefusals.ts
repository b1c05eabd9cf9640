import { ProbeError } from '../domain/diagnosis.js';
import type { Account } from '../domain/edge.js';
import type { Ports } from './ports.js';

/** The same ports, which tell of every account whose credentials a server refused, in whatever request it was. */
export function watchRefusals(ports: Ports, onRefused: (account: Account) => void): Ports {
  return {
    ...ports,
    openUserAgent: (connection, edge, account) =>
      watched(ports.openUserAgent(connection, edge, account), () => onRefused(account)),
    openLyncUserAgent: (connection, edge, account) =>
      watched(ports.openLyncUserAgent(connection, edge, account), () => onRefused(account)),
    openXmppClient: (user) => watched(ports.openXmppClient(user), () => onRefused(user.account)),
  };
}

/** Looks at the errors of every method, and of what methods hand out, so that a request that is added later is watched too. */
function watched<T extends object>(target: T, onRefused: () => void): T {
  const look = (error: unknown): never => {
    if (error instanceof ProbeError && error.diagnosis.code === 'AUTH_CREDENTIALS_REJECTED') onRefused();
    throw error;
  };
  return new Proxy(target, {
    get(_, name) {
      // Asked of the target itself: private fields do not answer through a proxy.
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        const answer: unknown = Reflect.apply(member, target, given);
        if (answer instanceof Promise) return answer.catch(look);
        return typeof answer === 'object' && answer !== null ? watched(answer, onRefused) : answer;
      };
    },
  });
}
