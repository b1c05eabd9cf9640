/** Attribute types of STUN and TURN (RFC 8489 section 18.3, RFC 8656 section 18). */
export const attributeTypes = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedTransport: 0x0019,
  messageIntegritySha256: 0x001c,
  passwordAlgorithm: 0x001d,
  xorMappedAddress: 0x0020,
  passwordAlgorithms: 0x8002,
  alternateDomain: 0x8003,
  software: 0x8022,
  alternateServer: 0x8023,
  fingerprint: 0x8028,
} as const;

/** Methods (RFC 8489 section 18.2, RFC 8656 section 17). */
export const methods = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
} as const;

const names: Readonly<Record<number, string>> = {
  [methods.binding]: 'Binding',
  [methods.allocate]: 'Allocate',
  [methods.refresh]: 'Refresh',
  [methods.send]: 'Send',
  [methods.data]: 'Data',
  [methods.createPermission]: 'CreatePermission',
};

/** `Allocate`; for an error text. */
export function methodName(method: number): string {
  return names[method] ?? `method ${method}`;
}
