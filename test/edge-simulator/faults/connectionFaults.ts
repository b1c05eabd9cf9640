import type { Fault } from './fault.js';

/** Faults below SIP: the port, the connection, the handshake, the certificate. They act on the next connection. */
export const connectionFaults: readonly Fault[] = [
  { name: 'refuse-connection', description: 'the port is closed', accept: 'refuse' },
  {
    name: 'close-after-connect',
    description: 'the TCP connection is accepted and closed before the TLS handshake',
    accept: 'close',
  },
  {
    name: 'silent-after-connect',
    description: 'the TCP connection is accepted, the TLS handshake never answered',
    accept: 'silent',
  },
  { name: 'plain-text', description: 'answers SIP in clear where TLS is expected', accept: 'clear' },
  { name: 'silent-after-tls', description: 'the TLS handshake succeeds, nothing is answered after it', mute: true },
  {
    name: 'certificate-expired',
    description: 'the certificate expired yesterday',
    tls: { certificate: 'expired' },
  },
  {
    name: 'certificate-not-yet-valid',
    description: 'the certificate is valid from tomorrow',
    tls: { certificate: 'not-yet-valid' },
  },
  {
    name: 'certificate-wrong-name',
    description: 'the certificate is for wrong-name.invalid',
    tls: { certificate: 'wrong-name' },
  },
  {
    name: 'certificate-untrusted',
    description: 'the certificate was issued by an authority that is not in ca.pem',
    tls: { certificate: 'untrusted' },
  },
  {
    name: 'certificate-self-signed',
    description: 'the certificate signed itself',
    tls: { certificate: 'self-signed' },
  },
  { name: 'certificate-soon', description: 'the certificate expires in five days', tls: { certificate: 'soon' } },
  {
    name: 'client-certificate-required',
    description: 'TLS 1.3 alone, and a client without a certificate gets alert 116, certificate_required',
    tls: { clientCertificate: true, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' },
  },
  {
    name: 'client-certificate-required-tls12',
    description: 'TLS 1.2 alone, and a client without a certificate gets alert 40, handshake_failure',
    tls: { clientCertificate: true, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
  },
  {
    name: 'tls-1.1-only',
    description: 'speaks TLS 1.1 alone; newer clients get alert 70, protocol_version',
    tls: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  },
  {
    name: 'no-shared-cipher',
    description: 'TLS 1.2 alone with a cipher that needs an RSA certificate; clients get alert 40, handshake_failure',
    tls: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
  },
];
