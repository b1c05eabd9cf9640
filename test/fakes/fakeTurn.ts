import type { TurnPorts } from '../../shared/protocols/turn/turnPorts.js';

/** Nobody may ask for a media relay, unless a test says what comes of it. */
export function fakeTurn(plan: Partial<TurnPorts> = {}): TurnPorts {
  const unplanned = () => {
    throw new Error('this test plans no media relay');
  };
  const methods = { overUdp: unplanned, over: unplanned, msOverUdp: unplanned, msOverTcp: unplanned };
  return { ...methods, whyUdpSilent: unplanned, echo: unplanned, ...plan };
}
