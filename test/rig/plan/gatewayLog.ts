/** Does Prosody's log end with the component of `domain`, which is Kamailio's gateway, connected? */
export function gatewayConnected(log: string, domain: string): boolean {
  const connected = log.lastIndexOf(`${domain}:component`);
  return connected >= 0 && connected > log.lastIndexOf(`component disconnected: ${domain} `);
}
