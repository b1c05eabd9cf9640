import type { AuthenticationPolicy, Realm } from './authentication.js';
import { stillBound } from './bindings.js';
import { dropFlow, newRegistrar, register } from './registrar.js';
import type { SipService } from './service.js';

/** The registrar as a service: holds the state that `register` turns into the next one. */
export function registrarService(realm: Realm, policy: () => AuthenticationPolicy): SipService {
  let state = newRegistrar(realm);
  return {
    methods: ['REGISTER'],
    answer(exchange) {
      const registered = register(state, exchange, realm, policy());
      state = registered.state;
      return [{ flow: exchange.flow, answer: registered.answer }];
    },
    flowClosed(flow) {
      state = dropFlow(state, flow);
    },
    describe: (nowMs) => ({
      bindings: stillBound(state.bindings, nowMs).map((binding) => ({
        addressOfRecord: `sip:${binding.user}@${realm.name}`,
        contact: binding.uri,
        expiresInMs: binding.expiresAtMs - nowMs,
        flow: binding.flow,
      })),
      signIns: Object.fromEntries(state.signIns),
    }),
  };
}
