import type { AuthenticationPolicy, Realm } from './authentication.js';
import { type Binding, stillBound } from './bindings.js';
import { dropFlow, newRegistrar, register } from './registrar.js';
import type { SipService } from './service.js';

/** A registrar that tells other services who is bound where. */
export interface RegistrarService extends SipService {
  bindingsOf(user: string, nowMs: number): readonly Binding[];
}

/** The registrar as a service: holds the state that `register` turns into the next one. */
export function registrarService(realm: Realm, policy: () => AuthenticationPolicy): RegistrarService {
  let state = newRegistrar(realm);
  return {
    methods: ['REGISTER'],
    answer(exchange) {
      const registered = register(state, exchange, realm, policy());
      state = registered.state;
      return [{ flow: exchange.flow, answer: registered.answer }];
    },
    bindingsOf: (user, nowMs) => stillBound(state.bindings, nowMs).filter((binding) => binding.user === user),
    flowClosed(flow) {
      state = dropFlow(state, flow);
      return [];
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
